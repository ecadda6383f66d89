import { type Conclusion, isClaim, isFalse } from './conclusion.ts';

/** Shares of runs that make any false claim of some runtimes. */
export interface FalseClaims {
  /** Of a comparison: of a runtime that costs the same there, or in the wrong direction. */
  readonly rows: number;
  /** Of a category whose subjects all cost the same. */
  readonly categories: number;
  /** Of either. */
  readonly either: number;
}

/** What runs claim falsely; `of`: one runtime, or all of them. */
export function falseClaims(conclusions: readonly Conclusion[], of: string | null = null): FalseClaims {
  let [rows, categories, either] = [0, 0, 0];
  for (const conclusion of conclusions) {
    const comparisons = conclusion.comparisons.filter(({ runtime }) => of === null || runtime === of);
    const same = (runtime: string, name: string) =>
      comparisons.every((each) => each.runtime !== runtime || each.category !== name || each.truth === 0);
    const wrongRow = comparisons.some(isFalse);
    const wrongCategory = conclusion.categories.some(
      ({ runtime, category, verdict }) =>
        (of === null || runtime === of) && isClaim(verdict) && same(runtime, category),
    );
    rows += Number(wrongRow);
    categories += Number(wrongCategory);
    either += Number(wrongRow || wrongCategory);
  }
  const runs = conclusions.length;
  return { rows: rows / runs, categories: categories / runs, either: either / runs };
}
