import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/** workloads/ beside src/, in the repository as in the built package. */
export const shippedDirectory = resolve(import.meta.dirname, '../../../workloads');
/** The folder in it that has no workloads. */
export const imagesFolder = 'images';

/** Ids of the shipped workloads, without loading them. */
export function loadWorkloadIds(directory = shippedDirectory): readonly string[] {
  return globSync('*/*.{ts,js}', { cwd: directory, exclude: [`${imagesFolder}/**`] })
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => path.replace(/\.(ts|js)$/, ''))
    .toSorted();
}
