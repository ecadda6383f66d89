import { requireFinite } from './finite.ts';
import { studentQuantile, studentTwoSided } from './student-t.ts';

/** Differences whose spread is below this fraction of the largest are equal but for rounding. */
const equalTolerance = 1e-12;

/** The paired t test of "the mean of the differences is 0". */
export interface PairedT {
  readonly n: number;
  readonly mean: number;
  /** Standard error of the mean; 0 where all differences are equal. */
  readonly se: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Student's t test of paired differences, two-sided with n−1 degrees of freedom. It keeps its level where the two samples have
 * unequal spread, and uses what pairing removes.
 *
 * `widening` ≥ 1 multiplies the standard error. Where all differences are equal, no spread can be estimated: p is then the
 * smallest of the sign test, 2^(1−n), and 1 if they are 0. Null below two differences. Throws RangeError on a value that is
 * not finite.
 */
export function pairedT(differences: readonly number[], widening = 1): PairedT | null {
  requireFinite(differences);
  const n = differences.length;
  if (n < 2) return null;
  // Relative to the first, so that equal differences have exactly their value as mean.
  const [first = 0] = differences;
  let [sum, largest] = [0, 0];
  for (const d of differences) {
    sum += d - first;
    largest = Math.max(largest, Math.abs(d));
  }
  const mean = first + sum / n;
  let [squares, spread] = [0, 0];
  for (const d of differences) {
    squares += (d - mean) ** 2;
    spread = Math.max(spread, Math.abs(d - first));
  }
  if (spread <= equalTolerance * largest) return { n, mean, se: 0, p: largest === 0 ? 1 : 2 ** (1 - n) };
  const se = widening * Math.sqrt(squares / (n - 1) / n);
  return { n, mean, se, p: studentTwoSided(mean / se, n - 1) };
}

/** The interval of the mean that misses it with probability `miss`, half of that on each side. */
export function meanInterval(
  { n, mean, se }: Pick<PairedT, 'n' | 'mean' | 'se'>,
  miss: number,
): { readonly low: number; readonly high: number } {
  const half = -studentQuantile(miss / 2, n - 1) * se;
  return { low: mean - half, high: mean + half };
}
