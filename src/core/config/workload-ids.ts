import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { featureFolders } from '../modules/default-exports.ts';

/** workloads/ beside src/, both in the repository and in the built package. */
export const shippedDirectory = resolve(import.meta.dirname, '../../../workloads');
/** Its folder with the recipes of images. */
export const imagesFolder = 'images';
/** Its folders without workloads: the recipes, and code that several workloads share. */
export const otherFolders = [imagesFolder, 'lib'];

/** The folders with workloads: the shipped one, and `workloads/` of the features. */
export function workloadFolders(directory = shippedDirectory): readonly string[] {
  return directory === shippedDirectory ? [directory, ...featureFolders('workloads')] : [directory];
}

/** Ids of the shipped workloads, without loading them. */
export function loadWorkloadIds(directory = shippedDirectory): readonly string[] {
  return workloadFolders(directory)
    .flatMap((cwd) => globSync('*/*.{ts,js}', { cwd, exclude: otherFolders.map((folder) => `${folder}/**`) }))
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => path.replace(/\.(ts|js)$/, ''))
    .toSorted();
}
