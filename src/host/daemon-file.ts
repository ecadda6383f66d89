import { randomUUID } from 'node:crypto';
import { chmod, chown, copyFile, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holdDirectory, refuseNotOwn } from '../files/held-directory.ts';
import { readPlainFile } from '../files/plain-file.ts';

/** A configuration file of the host as read. */
export interface HostFile {
  /** Path with symbolic links resolved, so that writing replaces the file and not the link. */
  readonly path: string;
  /** null where there is no file yet. */
  readonly text: string | null;
  /** Permission bits and owner: its replacement keeps them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Mode and owner of a file made by dockerd's packages: readable by all, owned by root. */
const fresh = { mode: 0o644, uid: 0, gid: 0 };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a file to be changed; `text: null` where it does not exist. OcibenchError (exit 2) where it cannot be read, or another user
 * could exchange it under root.
 * TypeError where it is not UTF-8: what cannot be read byte for byte must not be written back.
 */
export async function readHostFile(asked: string): Promise<HostFile> {
  refuseNotOwn([dirname(asked)]);
  const path = await realpath(asked).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return asked;
    throw error;
  });
  try {
    const bytes = await readPlainFile(path, { followLinks: true });
    const { mode, uid, gid } = await stat(path);
    return { path, text: decoder.decode(bytes), mode: mode & 0o7777, uid, gid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { path, text: null, ...fresh };
  }
}

/**
 * Writes the replacement of `file` beside it, with its owner and mode, and returns the path. The file itself stays
 * unchanged.
 */
export async function stage(file: HostFile, text: string): Promise<string> {
  holdDirectory(dirname(file.path))[Symbol.dispose]();
  const staged = join(dirname(file.path), `.daemon.json.${randomUUID()}.tmp`);
  const handle = await open(staged, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    const { uid, gid } = await handle.stat();
    if (uid !== file.uid || gid !== file.gid) await handle.chown(file.uid, file.gid);
    await handle.chmod(file.mode);
    await handle.sync();
    return staged;
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Replaces the file by the staged one atomically: a reader sees the old content or the new, also after a power failure.
 */
export async function commitStaged(staged: string, file: HostFile): Promise<void> {
  await rename(staged, file.path);
  const directory = await open(dirname(file.path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Copies the file beside itself under a name with the time (UTC), and returns that name; null: there is no file. */
export async function backUp(file: HostFile, now: Date): Promise<string | null> {
  if (file.text === null) return null;
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const copy = `${file.path}.${time}-${randomUUID().slice(0, 4)}.bak`;
  await copyFile(file.path, copy);
  await chmod(copy, file.mode);
  await chown(copy, file.uid, file.gid);
  return copy;
}
