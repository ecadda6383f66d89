import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryDirectory } from '../files/temporary.ts';
import { external, quantity } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { OcibenchError } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';
import { checkManifest, type ManifestCheck } from '../store/manifest.ts';
import { files } from '../store/run-ids.ts';
import { ArchiveError, type UnpackLimits, unpack, unpackLimits } from './unpack.ts';

/** Depth to which runs are searched below a named directory: `<class>/<host>/results/<runId>`. */
const searchDepth = 4;

/** Maximum number of entries: more than the runs and other files of a thousand hosts. */
const maxEntries = 200_000;

const archiveName = /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)$/i;

/** A run directory, or an archive that may hold runs. */
interface RunEntry {
  readonly kind: 'run' | 'archive';
  /** Path relative to the searched directory; empty for that directory itself. */
  readonly name: string;
}

/** Run directories and archives in a directory, sorted by name. Follows no link; does not search inside run directories. */
async function findRuns(directory: string): Promise<readonly RunEntry[]> {
  const found: RunEntry[] = [];
  let looked = 0;
  const look = async (name: string, depth: number): Promise<void> => {
    const path = join(directory, name);
    if (await isRun(path)) {
      found.push({ kind: 'run', name });
      return;
    }
    // A subdirectory of another user may be unreadable: the others are still read.
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (depth === 0) throw error;
      return [] as Dirent[];
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      looked++;
      if (looked > maxEntries) return;
      const inner = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory() && depth < searchDepth) await look(inner, depth + 1);
      if (entry.isFile() && archiveName.test(entry.name)) found.push({ kind: 'archive', name: inner });
    }
  };
  await look('', 0);
  return found;
}

async function isRun(path: string): Promise<boolean> {
  return (await lstat(join(path, files.run)).catch(() => null))?.isFile() ?? false;
}

const text = notices('artefact', {
  absent: 'it does not exist',
  noRun: 'it contains no run',
  neither: 'it is neither a directory nor a file',
  tooLarge: '{name} is larger than {size}',
});

/** A run directory on this host's disk, or one from an archive. */
export interface RunArtefact {
  /**
   * Its path as the user named it, or as found below a named path; for an archive, the archive's name, followed by the
   * run's name where there are several.
   */
  readonly origin: string;
  /** `results/<runId>`, or a directory of any other name with the files of a run. */
  readonly directory: string;
  readonly manifest: ManifestCheck;
}

/** A named or found path that cannot be read as a run. */
interface ProblemArtefact {
  readonly origin: string;
  readonly problem: Message;
}
export type Artefact = RunArtefact | ProblemArtefact;

/** The path of an unopened run directory or archive, or a path that cannot be examined. */
type UnopenedArtefact = { readonly origin: string } | ProblemArtefact;

/** Options for opening artefacts. */
export interface OpenOptions {
  /** Parent of the private directories into which archives are unpacked; default: the system's directory of temporary files. */
  readonly scratch?: string;
  readonly limits?: UnpackLimits;
}

/**
 * Run directories and tar archives, unopened, among the named paths and in named directories (`results/`, or one with
 * many hosts). A path that cannot be examined has a problem; the others are still listed.
 */
export async function findArtefacts(paths: readonly string[]): Promise<readonly UnopenedArtefact[]> {
  const all: UnopenedArtefact[] = [];
  for (const path of paths)
    try {
      const named = await stat(path);
      if (named.isDirectory()) {
        const found = await findRuns(path);
        if (found.length === 0) all.push({ origin: path, problem: text.noRun });
        for (const { name } of found) all.push({ origin: name === '' ? path : join(path, name) });
      } else all.push({ origin: path, ...(named.isFile() ? {} : { problem: text.neither }) });
    } catch (error) {
      all.push({ origin: path, problem: whyNot(error) });
    }
  return all;
}

/**
 * Opens a path from {@link findArtefacts}: a run directory, or every run of an archive. An archive is unpacked, and its
 * files are removed when the loop is left.
 */
export async function* openArtefact(origin: string, options: OpenOptions = {}): AsyncGenerator<Artefact> {
  try {
    if ((await stat(origin)).isFile()) yield* inArchive(origin, options);
    else yield await openRun(origin, origin);
  } catch (error) {
    yield { origin, problem: whyNot(error) };
  }
}

/** Maximum size of records that are read into memory: fifty thousand trials, more than any run has. */
const maxRecordBytes = 256 * 2 ** 20;

async function* inArchive(archive: string, options: OpenOptions): AsyncGenerator<Artefact> {
  const { scratch = tmpdir(), limits = unpackLimits } = options;
  await using unpacked = await temporaryDirectory('artefact', scratch);
  const directory = unpacked.path;
  try {
    await unpack(archive, directory, limits);
    const runs = (await findRuns(directory)).filter(({ kind }) => kind === 'run');
    if (runs.length === 0) yield { origin: archive, problem: text.noRun };
    for (const { name } of runs)
      yield await openRun(runs.length === 1 ? archive : `${archive}:${name}`, join(directory, name));
  } catch (error) {
    yield { origin: archive, problem: whyNot(error) };
  }
}

async function openRun(origin: string, directory: string): Promise<Artefact> {
  try {
    for (const name of [files.schedule, files.trials]) {
      const found = await lstat(join(directory, name)).catch(() => null);
      if (found !== null && found.size > maxRecordBytes)
        return { origin, problem: text.tooLarge({ name, size: quantity(maxRecordBytes / 2 ** 20, 'MiB') }) };
    }
    return { origin, directory, manifest: await checkManifest(directory) };
  } catch (error) {
    return { origin, problem: whyNot(error) };
  }
}

/** Why a path cannot be read, in a sentence. */
function whyNot(error: unknown): Message {
  if (error instanceof ArchiveError) return error.said;
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return text.absent;
  const explained = diskError('', error, null);
  if (explained instanceof OcibenchError) return recalled(explained.problems[0] ?? explained, 'message');
  return external((error as Error).message);
}
