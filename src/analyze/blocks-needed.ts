import { criticalWalshRank } from './stats/signed-rank.ts';

/**
 * How many paired blocks a run needs before any of its claims can hold: the smallest n ≥ 6 with 4/C(2n,n) ·
 * `comparisons` < `alpha`. Twice 2/C(2n,n) is the smallest p value of n pairs whose two samples do not overlap (see
 * pairedP). Holm multiplies the smallest p of a family by the family's size. At 0.05, 6 blocks suffice for 11
 * comparisons, 7 for 42, 8 for 160.
 *
 * Throws RangeError unless `comparisons` is a positive integer and 0 < `alpha` < 1.
 */
export function blocksNeeded(comparisons: number, alpha: number): number {
  return smallest(comparisons, alpha, (n) => 4 / centralBinomial(n));
}

/**
 * How many blocks a claim needs if the runtime's values overlap with the baseline's. Only their differences within
 * blocks separate the two then. The result is the smallest n ≥ 6 with 2·2^(1−n) · `comparisons` < `alpha` (twice the
 * smallest p value of the signed-rank test). At 0.05, one comparison needs 7; 15 need 11; 120 need 14.
 *
 * Throws RangeError as {@link blocksNeeded}.
 */
export function blocksNeededWhereOverlapping(comparisons: number, alpha: number): number {
  return smallest(comparisons, alpha, (n) => 2 ** (2 - n));
}

/** Minimum number of paired blocks for an interval of a ratio with confidence 1 − `alpha`; at 0.05: 6. */
export function blocksForInterval(alpha: number): number {
  let n = 6;
  while (criticalWalshRank(n, 1 - alpha) === null) n++;
  return n;
}

function smallest(comparisons: number, alpha: number, minP: (n: number) => number): number {
  if (!Number.isInteger(comparisons) || comparisons < 1)
    throw new RangeError(`comparisons is ${comparisons}: it must be a positive integer`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}: it must lie between 0 and 1`);
  let n = 6;
  while (minP(n) * comparisons >= alpha) n++;
  return n;
}

/** C(2n,n): the number of ways in which n of 2n values form the first sample. */
function centralBinomial(n: number): number {
  let product = 1;
  for (let i = 1; i <= n; i++) product = (product * (n + i)) / i;
  return product;
}
