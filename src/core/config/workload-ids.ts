import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/** workloads/ beside src/, both in the repository and in the built package. */
export const shippedDirectory = resolve(import.meta.dirname, '../../../workloads');
/** Its folder with the recipes of images. */
export const imagesFolder = 'images';
/** Its folders without workloads: the recipes, and code that several workloads share. */
export const otherFolders = [imagesFolder, 'lib'];

/** Ids of the shipped workloads, without loading them. */
export function loadWorkloadIds(directory = shippedDirectory): readonly string[] {
  return globSync('*/*.{ts,js}', { cwd: directory, exclude: otherFolders.map((folder) => `${folder}/**`) })
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => path.replace(/\.(ts|js)$/, ''))
    .toSorted();
}
