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
  /**
   * Shell commands that run at the build, as root and one after the other, after the packages are unpacked and before
   * `remove`; `$1` is the root file system's path, and the first that fails fails the build. For what maintainer scripts
   * would have done and what takes too long in every container (a database's first files). Such content may differ from
   * build to build: the image's own hash tells.
   */
  readonly hooks?: readonly string[];
  /**
   * Paths of the root file system that are left out again, as shell patterns below the root. Not `var/*` as a whole:
   * mmdebstrap cleans up with an apt-get that needs some of it, and fails as if the archive could not be reached.
   */
  readonly remove: readonly string[];
}

/** The image that a workload runs in: a recipe under workloads/images, a recipe of its own, or one that the engine has. */
export type ImageSource = string | ImageRecipe | { readonly reference: string };

/** What an image goes by in a run's records: the recipe's id, or the engine's reference. */
export function imageId(source: ImageSource): string {
  if (typeof source === 'string') return source;
  return 'reference' in source ? source.reference : source.id;
}
