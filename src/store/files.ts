import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { diskError } from '../model/disk-error.ts';

/** Inode of the PID namespace of this process (pid_namespaces(7)); 0 where the kernel does not say. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** Distinguishes hosts that share a directory: the first PID namespace has the same inode on all of them. */
function hostMark(): string {
  let id = '';
  try {
    id = readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Containers have none: their names are their own.
  }
  return createHash('sha256').update(`${id} ${hostname()}`).digest('hex').slice(0, 8);
}

/**
 * Part of an unfinished file's name that identifies the process that writes it. A later process uses it to check
 * whether the writer is gone.
 */
export function writerMark(): string {
  return `${process.pid}.${pidNamespace()}.${hostMark()}`;
}

/** Has the process that wrote such a mark ended? Processes of another PID namespace (a container) cannot be seen. */
export function isWriterGone(mark: string): boolean {
  const [pid, namespace = pidNamespace(), host = hostMark()] = mark.split('.');
  return namespace === pidNamespace() && host === hostMark() && !isAlive(Number(pid));
}

/** A temporary file or link beside its target. */
function temporaryIn(directory: string): string {
  return join(directory, `.${randomUUID()}.${writerMark()}.tmp`);
}

/** Until 0.1 the mark was the process id alone. */
const temporaryName = /^\.[0-9a-f-]{36}\.(\d+(?:\.\d+(?:\.[0-9a-f]{8})?)?)\.tmp$/;

/** Is this the name of a file that is not written to its end yet? */
export function isTemporary(name: string): boolean {
  return temporaryName.test(name);
}

/** Syncs the names in a directory: without this, a file that was synced may have no name after a loss of power. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and its parents, all on the disk on return. */
export async function makeDirectory(path: string): Promise<void> {
  const whole = resolve(path);
  const first = await mkdir(whole, { recursive: true });
  if (first === undefined) return;
  for (let made = whole; made.length >= first.length; made = dirname(made))
    await syncDirectory(dirname(made));
}

/**
 * Writes a file atomically: a reader sees the old content or the new, never a part (temporary file, fsync, rename,
 * fsync of the directory). Throws OcibenchError that names the file where the disk is full or refuses the write.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await writeTogether(new Map([[path, content]]));
}

/**
 * Does {@link writeAtomically} for several files. The first is renamed once all are on the disk beside their targets,
 * so that a full disk leaves every file as it was.
 */
export async function writeTogether(files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const staged = new Map<string, string>();
  let current = '';
  try {
    for (const [path, content] of files) {
      current = path;
      await makeDirectory(dirname(path));
      const temporary = temporaryIn(dirname(path));
      staged.set(path, temporary);
      await stage(temporary, content);
    }
    for (const [path, temporary] of staged) {
      current = path;
      await rename(temporary, path);
      staged.delete(path);
    }
    for (const directory of new Set([...files.keys()].map((path) => dirname(path))))
      await syncDirectory(directory);
  } catch (error) {
    for (const temporary of staged.values()) await rm(temporary, { force: true });
    throw diskError(current, error);
  }
}

async function stage(temporary: string, content: string | Uint8Array): Promise<void> {
  // `wx`: the name must be new; a file there was put there by another process.
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Points the symbolic link `directory/latest` at `name`, if `name` exists: a run that was interrupted early has no
 * charts. A `latest` that is not a link is left alone.
 */
export async function pointLatest(directory: string, name: string): Promise<void> {
  if ((await lstat(join(directory, name)).catch(() => null)) === null) return;
  const link = join(directory, 'latest');
  const present = await lstat(link).catch(() => null);
  if (present !== null && !present.isSymbolicLink()) return;
  if (present !== null && (await readlink(link)) === name) return;
  const temporary = temporaryIn(directory);
  await symlink(name, temporary);
  await rename(temporary, link);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A directory and those below it, `depth` levels down. No link is followed. */
async function directoriesBelow(directory: string, depth: number): Promise<readonly string[]> {
  if (depth === 0) return [directory];
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  const deeper = await Promise.all(below.map((each) => directoriesBelow(each, depth - 1)));
  return [directory, ...deeper.flat()];
}

/** Below `results/` there are runs, and in them directories of profiles. */
const depthOfFiles = 2;

/**
 * Removes what {@link writeAtomically} and {@link pointLatest} of killed processes left in a directory, and in the
 * subdirectories that ocibench makes. Returns the removed paths.
 */
export async function removeTemporaries(directory: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const each of await directoriesBelow(directory, depthOfFiles))
    for (const name of await readdir(each).catch(() => [])) {
      const mark = temporaryName.exec(name)?.[1];
      if (mark === undefined || !isWriterGone(mark)) continue;
      await rm(join(each, name), { force: true });
      removed.push(join(each, name));
    }
  return removed;
}
