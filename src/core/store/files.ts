import { constants, createReadStream } from 'node:fs';
import { lstat, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type HeldDirectory, holdDirectory, holdIfThere } from '../files/held-directory.ts';
import { removeUnfinished, temporaryIn } from '../files/temporary.ts';
import { pathOnly } from '../files/walk.ts';
import { diskError } from '../model/machine/disk-error.ts';

/** Syncs the names in a directory: without this, a file that was synced may have no name after a power failure. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file atomically: a reader sees the old content or the new, never a part (temporary file, fsync, rename,
 * fsync of the directory). Throws OcibenchError that names the file where the disk is full or refuses the write, or
 * where, under root, another user could exchange a part of its path.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await writeTogether(new Map([[path, content]]));
}

/**
 * Does {@link writeAtomically} for several files. The first is renamed once all are on the disk beside their targets,
 * so that a full disk leaves every file as it was.
 */
export async function writeTogether(files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  using directories = new DisposableStack();
  const held = new Map<string, HeldDirectory>();
  for (const path of files.keys()) {
    const directory = dirname(path);
    if (held.has(directory)) continue;
    try {
      held.set(directory, directories.use(holdDirectory(directory)));
    } catch (error) {
      throw diskError(path, error);
    }
  }
  const targets = [...files].flatMap(([path, content]) => {
    const directory = held.get(dirname(path));
    return directory === undefined ? [] : [{ directory, name: basename(path), content }];
  });
  await replaceTogether(targets);
}

/** A file in a directory that is held open, and its new content. */
interface Target {
  readonly directory: HeldDirectory;
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** {@link writeTogether} in directories that are held open; removes temporary files that killed processes left there. */
export async function replaceTogether(targets: readonly Target[]): Promise<void> {
  const staged = new Map<Target, string>();
  const directories = new Set(targets.map((target) => target.directory));
  for (const { here } of directories) await removeUnfinished(here);
  let current = '';
  try {
    for (const target of targets) {
      const { directory, name, content } = target;
      current = join(directory.path, name);
      const temporary = temporaryIn(directory.here);
      staged.set(target, temporary);
      await stage(directory, temporary, content);
    }
    for (const [target, temporary] of staged) {
      const { directory, name } = target;
      current = join(directory.path, name);
      await rename(temporary, directory.at(name));
      staged.delete(target);
    }
    for (const directory of directories) directory.sync();
  } catch (error) {
    for (const temporary of staged.values()) await rm(temporary, { force: true });
    throw diskError(current, error);
  }
}

async function stage(
  directory: HeldDirectory,
  temporary: string,
  content: string | Uint8Array | (() => Readable),
): Promise<void> {
  // `wx`: the name must be new; an existing file was put there by another process.
  const handle = await open(temporary, 'wx', directory.fileMode);
  try {
    directory.give(handle.fd);
    await handle.writeFile(typeof content === 'function' ? content() : content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies a file into a directory that is held open, and replaces a file of that name. */
export async function copyInto(directory: HeldDirectory, name: string, source: string): Promise<void> {
  const temporary = temporaryIn(directory.here);
  try {
    // Whatever the mode of the source was, the copy is data: not executable, and not writable for others.
    await stage(directory, temporary, () => createReadStream(source));
    await rename(temporary, directory.at(name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskError(join(directory.path, name), error);
  }
}

/** Removes the named files of a directory where they exist. The removal is on the disk on return. */
export async function removeNames(directory: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  using held = holdIfThere(directory);
  if (held === null) return;
  for (const name of names) await rm(held.at(name), { force: true });
  held.sync();
}

/**
 * Points the symbolic link `directory/latest` at `name`, if `name` exists: a run that was interrupted early may lack
 * it. A `latest` that is not a link is left alone.
 */
export async function pointLatest(directory: string, name: string): Promise<void> {
  using held = holdIfThere(directory);
  if (held === null || (await lstat(held.at(name)).catch(() => null)) === null) return;
  const link = held.at('latest');
  const present = await lstat(link).catch(() => null);
  if (present !== null && !present.isSymbolicLink()) return;
  if (present !== null && (await readlink(link)) === name) return;
  const temporary = temporaryIn(held.here);
  await symlink(name, temporary);
  const handle = await open(temporary, pathOnly | constants.O_NOFOLLOW);
  if ((await handle.stat()).isSymbolicLink()) held.give(handle.fd);
  await handle.close();
  await rename(temporary, link);
}

/** Depth of the directories that are searched: `results/` holds runs. */
const depthOfFiles = 1;

/**
 * Removes temporary files that killed processes left behind in {@link writeAtomically} and {@link pointLatest}, in a
 * directory and in the subdirectories that ocibench makes. Follows no link below it. Returns the removed paths; none
 * where, under root, another user could exchange the directory.
 */
export async function removeTemporaries(
  directory: string,
  depth = depthOfFiles,
  named = directory,
): Promise<readonly string[]> {
  const removed: string[] = [];
  let held: HeldDirectory | null = null;
  try {
    held = holdIfThere(directory, { named });
    if (held === null) return removed;
    const entries = await readdir(held.here, { withFileTypes: true });
    const gone = await removeUnfinished(held.here);
    removed.push(...gone.map((path) => join(directory, basename(path))));
    if (depth > 0)
      for (const entry of entries)
        if (entry.isDirectory())
          removed.push(...(await removeTemporaries(join(directory, entry.name), depth - 1, named)));
  } catch {
    // Remaining temporary files are harmless: those that cannot be examined are kept.
  } finally {
    held?.[Symbol.dispose]();
  }
  return removed;
}
