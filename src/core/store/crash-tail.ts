import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldDirectory } from '../files/held-directory.ts';
import { asidePath, openIfThere, readError, setAside, tornFrom } from './jsonl.ts';
import { linesBackward, linesOf } from './lines.ts';
import { files } from './run-ids.ts';

/** The incomplete end of a file. */
export interface IncompleteEnd {
  readonly file: string;
  readonly bytes: number;
  /** The file to which it was moved. */
  readonly keptIn: string;
}

/**
 * Moves incomplete data at the ends of the files of a run directory, left by a crash, into files beside them: torn last
 * lines, and readings of an unfinished trial. OcibenchError (exit 2) that names a file that cannot be read.
 */
export async function setCrashAside(directory: HeldDirectory): Promise<readonly IncompleteEnd[]> {
  const moved: IncompleteEnd[] = [];
  const cut = async (name: string, fromOf: (handle: FileHandle, size: number) => Promise<number>) => {
    const file = join(directory.path, name);
    const handle = await openIfThere(file, directory);
    if (handle === null) return;
    try {
      const { size } = await handle.stat();
      const from = await fromOf(handle, size);
      if (from === size) return;
      await setAside(directory, file, handle, from);
      moved.push({ file, bytes: size - from, keptIn: asidePath(file) });
    } catch (error) {
      throw readError(file, error);
    } finally {
      await handle.close();
    }
  };
  for (const name of [files.schedule, files.trials, files.readings]) await cut(name, tornFrom);
  const ended = await endedTrials(join(directory.path, files.trials));
  await cut(files.readings, (handle, size) => orphansFrom(handle, size, ended));
  return moved;
}

/** Parses only the fields of a line that are needed here; null where the line is damaged, which its own reader reports. */
function glance(
  line: Buffer,
): { readonly trialId?: unknown; readonly outcome?: { status?: unknown } } | null {
  try {
    return Object(JSON.parse(line.toString('utf8')));
  } catch {
    return null;
  }
}

/**
 * The trials that have ended, with any outcome; empty where the file is missing. OcibenchError where it cannot be read.
 */
async function endedTrials(path: string): Promise<ReadonlySet<unknown>> {
  const ended = new Set<unknown>();
  const handle = await openIfThere(path);
  if (handle === null) return ended;
  try {
    const { size } = await handle.stat();
    for await (const { bytes } of linesOf(handle, size)) {
      const trial = glance(bytes);
      if (trial?.outcome?.status !== 'interrupted') ended.add(trial?.trialId);
    }
    return ended;
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}

/** Offset of the first reading whose trial had not ended when the run was cut off. */
async function orphansFrom(readings: FileHandle, size: number, ended: ReadonlySet<unknown>): Promise<number> {
  let from = size;
  for await (const { start, bytes } of linesBackward(readings, size)) {
    if (ended.has(glance(bytes)?.trialId)) break;
    from = start;
  }
  return from;
}
