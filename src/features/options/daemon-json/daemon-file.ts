import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { link, lstat, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { holdDirectory, refuseNotOwn } from '../../../core/files/held-directory.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { removeUnfinished, temporaryIn } from '../../../core/files/temporary.ts';

/** A configuration file of the host, as read. */
export interface HostFile {
  /** Path with symbolic links resolved, so that writing replaces the file, not the link. */
  readonly path: string;
  /** null if there is no file yet. */
  readonly text: string | null;
  /** Permission bits and owner, which its replacement keeps. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Mode and owner of a file made by dockerd's packages: readable by all, owned by root. */
const fresh = { mode: 0o644, uid: 0, gid: 0 };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a file to be changed; `text: null` if it does not exist. OcibenchError (exit 2) if it cannot be read, or if root reads
 * where another user could exchange it. TypeError if it is not UTF-8: it could not be written back byte for byte.
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
  await removeUnfinished(dirname(file.path));
  const staged = temporaryIn(dirname(file.path));
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

/** Calls `use` with the path of a file beside `file`, with its owner and mode and another text, and removes that file. */
export async function withStaged<T>(
  file: HostFile,
  text: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = await stage(file, text);
  return use(path).finally(() => rm(path, { force: true }));
}

/** Another program has changed the file since it was read. */
export class ChangedMeanwhile extends Error {}

/** The lock file for changes by ocibench to the file at `path`. Other programs do not use it. */
export function lockOfHostFile(path: string): string {
  return join(dirname(path), `.${basename(path)}.ocibench.lock`);
}

function isTextOf(path: string, text: string): boolean {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    return fstatSync(fd).isFile() && readFileSync(fd).equals(Buffer.from(text));
  } finally {
    closeSync(fd);
  }
}

/**
 * Replaces the file at `path` by `staged`, or removes it (null). Readers see the old content or the new, even after a power
 * failure once the directory is synced. `was`: its text as read; null: there was no file. Throws {@link ChangedMeanwhile} if it
 * now has another text. A change by a program without the lock is lost only if it happens between this check and the next call.
 */
export async function exchangeHostFile(
  path: string,
  was: string | null,
  staged: string | null,
): Promise<void> {
  if (was === null && staged !== null) {
    await link(staged, path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new ChangedMeanwhile() : error;
    });
    await rm(staged);
  } else {
    if (was !== null && !isTextOf(path, was)) throw new ChangedMeanwhile();
    if (staged === null) rmSync(path, { force: true });
    else renameSync(staged, path);
  }
}

/**
 * Links the file to a second name with the time (UTC), and returns that path; null: there is no file. It is a hard link, not a
 * copy, so it also gets later writes of programs that have the old file open.
 */
export async function backUp(file: HostFile, now: Date): Promise<string | null> {
  if (file.text === null) return null;
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const kept = `${file.path}.${time}-${randomUUID().slice(0, 4)}.bak`;
  await link(file.path, kept).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new ChangedMeanwhile() : error;
  });
  return kept;
}

const copyForm = /^\.\d{8}T\d{6}Z-[0-9a-f]{4}\.bak$/;

/**
 * Removes the copies of {@link backUp} between the oldest, which is the file before the first change, and the newest.
 * Returns the path of the oldest; null where there is none. Files with other names are not ours and stay.
 */
export async function removeMiddleBackups(path: string): Promise<string | null> {
  const names = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(basename(path)) && copyForm.test(name.slice(basename(path).length)),
  );
  const copies = await Promise.all(
    names.map(async (name) => {
      const copy = join(dirname(path), name);
      // Two of the same second differ by the time when the new file took over the name.
      return { copy, time: copy.slice(0, -'-xxxx.bak'.length), taken: (await lstat(copy)).ctimeMs };
    }),
  );
  copies.sort((a, b) => (a.time === b.time ? a.taken - b.taken : a.time < b.time ? -1 : 1));
  for (const { copy } of copies.slice(1, -1)) await rm(copy, { force: true });
  return copies[0]?.copy ?? null;
}

/** Was the replaced file changed after it was read? */
export function isWrittenSince({ text }: HostFile, backup: string | null): boolean {
  return text !== null && backup !== null && !isTextOf(backup, text);
}
