import { requireFinite } from './finite.ts';
import { studentQuantile } from './student-t.ts';

/**
 * The smallest number of pairs, at least `least` (≥ 2), whose mean has a t interval no wider than ±`half`, if their standard
 * deviation is `deviation`: t(1 − miss/2, n−1)·deviation/√n ≤ half. The width falls with n. Throws RangeError on a value that
 * is not finite and on a `half` that is not positive.
 */
export function blocksForWidth(deviation: number, half: number, miss: number, least: number): number {
  requireFinite([deviation, half]);
  if (half <= 0) throw new RangeError(`half is ${half}: it must be positive`);
  const reaches = (n: number) => (-studentQuantile(miss / 2, n - 1) * deviation) / Math.sqrt(n) <= half;
  let low = least - 1;
  let high = least;
  while (!reaches(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}
