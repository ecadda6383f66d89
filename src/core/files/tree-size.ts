import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Maximum number of files of a directory that is measured. */
const maxFiles = 10_000;

/** Size of the regular files below a directory, bytes, without following links; null where it cannot be read. */
export async function treeBytes(directory: string): Promise<number | null> {
  try {
    const names = await readdir(directory, { recursive: true });
    if (names.length > maxFiles) return null;
    const found = await Promise.all(names.map((name) => lstat(join(directory, name))));
    return found.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  } catch {
    return null;
  }
}
