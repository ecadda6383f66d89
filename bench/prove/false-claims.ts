import { type Conclusion, isClaim, isFalse } from './conclusion.ts';

/** What runs claim falsely. */
export interface FalseClaims {
  /** Share of runs with any false claim of a comparison. */
  readonly any: number;
  /**
   * What Benjamini and Bogomolov's method bounds: the mean over runs of the average, over the families with a claim, of the share
   * of false claims in them; 0 for a run without claims.
   */
  readonly selected: number;
  /** False claims as a share of all claims. */
  readonly ofClaims: number;
  /** Share of runs with any false claim of a category that truly costs the same. */
  readonly category: number;
}

export function falseClaims(conclusions: readonly Conclusion[]): FalseClaims {
  let [any, selected, wrong, claims, category] = [0, 0, 0, 0, 0];
  for (const { comparisons, categories } of conclusions) {
    const claimed = comparisons.filter(({ verdict }) => isClaim(verdict));
    const wrongly = claimed.filter(isFalse);
    const families = [...Map.groupBy(claimed, ({ family }) => family).values()];
    const shares = families.map((members) => members.filter(isFalse).length / members.length);
    if (wrongly.length > 0) any++;
    selected += shares.reduce((sum, share) => sum + share, 0) / Math.max(1, families.length);
    wrong += wrongly.length;
    claims += claimed.length;
    const same = (runtime: string, name: string) =>
      comparisons.every((each) => each.runtime !== runtime || each.category !== name || each.truth === 0);
    if (categories.some((each) => isClaim(each.verdict) && same(each.runtime, each.category))) category++;
  }
  const runs = conclusions.length;
  return {
    any: any / runs,
    selected: selected / runs,
    ofClaims: wrong / Math.max(1, claims),
    category: category / runs,
  };
}
