import { createHash } from 'node:crypto';
import type { ImageRecipe } from '../model/image.ts';

/** Raise this when a change of the build changes the result of the same recipe. */
const buildVersion = 1;

/** sha256 (hex) of everything in the recipe that decides the image's content. */
export function recipeHash(recipe: ImageRecipe, architecture: string): string {
  const { suite, packages, hooks, remove } = recipe;
  const content = {
    buildVersion,
    architecture,
    suite,
    packages: packages.toSorted(),
    remove: remove.toSorted(),
    // The order matters. Absent where there are none, so that a recipe without hooks keeps its hash.
    ...(hooks === undefined || hooks.length === 0 ? {} : { hooks }),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
