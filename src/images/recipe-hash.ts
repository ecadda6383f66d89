import { createHash } from 'node:crypto';
import type { ImageRecipe } from '../model/image.ts';

/** Raised when the way of building changes what comes out of the same recipe. */
const buildVersion = 1;

/** sha256 (hex) over everything in the recipe that decides the image's content. */
export function recipeHash(recipe: ImageRecipe, architecture: string): string {
  const { suite, packages, hooks, remove } = recipe;
  const content = {
    buildVersion,
    architecture,
    suite,
    packages: packages.toSorted(),
    remove: remove.toSorted(),
    // In their order, which matters. Absent where there are none, so that a recipe without them keeps its hash.
    ...(hooks === undefined || hooks.length === 0 ? {} : { hooks }),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
