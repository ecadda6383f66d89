/**
 * What an image is made of. Everything that decides its content is here, so that a hash of the recipe can
 * stand for the image in a cache.
 */
export interface ImageRecipe {
  /** Name of its file under workloads/images. */
  readonly id: string;
  readonly description: string;
  /** Debian suite that the packages come from. */
  readonly suite: string;
  /** Debian packages; what they depend on is unpacked too. No maintainer script runs. */
  readonly packages: readonly string[];
  /** Paths of the root file system that are left out again, as shell patterns below the root. */
  readonly remove: readonly string[];
}
