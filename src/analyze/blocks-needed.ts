/**
 * How many paired blocks a run needs before any of its claims can hold: the smallest n ≥ 6 with
 * 2^(1−n) · `comparisons` < `alpha`. 2^(1−n) is the smallest two-sided p value that n signed-rank pairs can
 * give, and Holm multiplies the smallest p of a family by the family's size. One comparison at 0.05: 6;
 * three: 7; seven: 9.
 *
 * Throws RangeError unless `comparisons` is a positive integer and 0 < `alpha` < 1.
 */
export function blocksNeeded(comparisons: number, alpha: number): number {
  if (!Number.isInteger(comparisons) || comparisons < 1)
    throw new RangeError(`comparisons is ${comparisons}: it must be a positive integer`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}: it must lie between 0 and 1`);
  let n = 6;
  while (2 ** (1 - n) * comparisons >= alpha) n++;
  return n;
}
