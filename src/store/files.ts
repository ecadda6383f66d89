import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { removeUnfinished, temporaryIn } from '../files/temporary.ts';
import { diskError } from '../model/disk-error.ts';

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
    removed.push(...(await removeUnfinished(each)));
  return removed;
}
