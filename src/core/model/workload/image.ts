/**
 * Recipe of an image. It holds everything that decides the image's content, so that a hash of the recipe can identify
 * the image in a cache.
 */
export interface ImageRecipe {
  /** Name of its file under workloads/images. */
  readonly id: string;
  readonly description: string;
  /** Debian suite that the packages come from. */
  readonly suite: string;
  /** Debian packages; their dependencies are unpacked too. No maintainer script runs. */
  readonly packages: readonly string[];
  /**
   * Shell commands of the build, run as root and in order, after unpacking and before `remove`. `$1` is the path of the
   * root file system. The first command that fails fails the build. Hooks replace maintainer scripts, and do once what
   * takes too long in every container (such as the initial files of a database). Such content may differ between
   * builds; the image's own hash shows it.
   */
  readonly hooks?: readonly string[];
  /**
   * Paths to remove from the root file system, as shell patterns below the root. Not `var/*` as a whole: mmdebstrap
   * cleans up with an apt-get that needs some of it, and fails as if the archive could not be reached.
   */
  readonly remove: readonly string[];
}

/** The image of a workload: a recipe under workloads/images, its own recipe, or an image that the engine has. */
export type ImageSource = string | ImageRecipe | { readonly reference: string };

/** Name of an image in a run's records: the recipe's id, or the engine's reference. */
export function imageId(source: ImageSource): string {
  if (typeof source === 'string') return source;
  return 'reference' in source ? source.reference : source.id;
}
