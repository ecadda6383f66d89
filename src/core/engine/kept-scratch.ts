import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasStateDirectory, keptDirectory } from '../host/state-directory.ts';
import { removeTree } from './scratch.ts';

const isTaken = (error: unknown) =>
  ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Moves a scratch directory to the place where it is kept until {@link removeKept}. A run that opened its engine several times
 * keeps several. Resolves with the new path; rejects with the error of rename(2).
 */
export async function keepScratch(path: string): Promise<string> {
  const directory = keptDirectory();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const kept = join(directory, number === 1 ? basename(path) : `${basename(path)}.${number}`);
    try {
      await rename(path, kept);
      return kept;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

/** Removes every kept scratch directory of this user. Resolves with their paths. */
export async function removeKept(): Promise<readonly string[]> {
  if (!(await hasStateDirectory())) return [];
  const directory = keptDirectory();
  const names = await readdir(directory).catch(() => []);
  const paths = names.toSorted().map((name) => join(directory, name));
  for (const path of paths) await removeTree(path);
  return paths;
}
