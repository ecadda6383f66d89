import { at, requireFinite } from './finite.ts';
import type { CentreEstimate } from './hodges-lehmann.ts';
import { rankSumCritical } from './rank-sum.ts';

/**
 * Shift of the second of two independent samples above the first: the Hodges–Lehmann estimate, the median of all
 * differences second − first. Its interval inverts the rank-sum test (Hollander, Wolfe & Chicken, Nonparametric
 * Statistical Methods, 3rd ed., §4.2–4.3; wilcox.test(conf.int = TRUE) of R). With ties the closed interval is
 * conservative. The bounds are null where the samples are too small for the confidence (at 95 %: below 4 and 4). O(mn)
 * time and memory.
 *
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function shift(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): CentreEstimate {
  if (first.length === 0 || second.length === 0) throw new RangeError('an empty sample has no shift');
  requireFinite(first);
  requireFinite(second);
  const differences = Float64Array.from(second.flatMap((y) => first.map((x) => y - x))).sort();
  const total = differences.length;
  const middle = (at(differences, Math.floor((total - 1) / 2)) + at(differences, Math.floor(total / 2))) / 2;
  const k = rankSumCritical(first.length, second.length, confidence);
  return {
    estimate: middle,
    low: k === null ? null : at(differences, k - 1),
    high: k === null ? null : at(differences, total - k),
  };
}
