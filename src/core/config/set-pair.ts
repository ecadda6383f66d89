/** A pair of `--set`, split at its first `=`. */
export interface SetPair {
  /** As typed: `nightly.keepRuns`. */
  readonly key: string;
  /** The steps of the key. */
  readonly path: readonly string[];
  readonly value: string;
}

/** Splits the pair of one `--set`; null for a text without `=` or with nothing before it. */
export function setPair(given: string): SetPair | null {
  const at = given.indexOf('=');
  if (at <= 0) return null;
  const key = given.slice(0, at);
  return { key, path: key.split('.'), value: given.slice(at + 1) };
}
