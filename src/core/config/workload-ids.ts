import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/** workloads/ beside src/, in the repository as in the built package. */
export const shippedDirectory = resolve(import.meta.dirname, '../../../workloads');
/** The folder in it with the recipes of images. */
export const imagesFolder = 'images';
/** Folders in it that have no workloads: those, and what several workloads share. */
export const otherFolders = [imagesFolder, 'lib'];

/** Ids of the shipped workloads, without loading them. */
export function loadWorkloadIds(directory = shippedDirectory): readonly string[] {
  return globSync('*/*.{ts,js}', { cwd: directory, exclude: otherFolders.map((folder) => `${folder}/**`) })
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => path.replace(/\.(ts|js)$/, ''))
    .toSorted();
}
