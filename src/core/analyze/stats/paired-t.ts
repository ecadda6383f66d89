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
 * Student's t test of paired differences, two-sided with n−1 degrees of freedom. It keeps its level where the two
 * samples have unequal spread, and uses what pairing removes.
 *
 * Where all differences are equal, no spread can be estimated: p is then the smallest of the sign test, 2^(1−n), and 1
 * if they are 0. Null below two differences. Throws RangeError on a value that is not finite.
 */
export function pairedT(differences: readonly number[]): PairedT | null {
  requireFinite(differences);
  const n = differences.length;
  if (n < 2) return null;
  const largest = differences.reduce((max, d) => Math.max(max, Math.abs(d)), 0);
  if (largest === 0) return { n, mean: 0, se: 0, p: 1 };
  // As fractions of the largest, whose squares cannot overflow; relative to the first, so that equal ones have exactly
  // their value as mean.
  const first = (differences[0] ?? 0) / largest;
  let [sum, spread] = [0, 0];
  for (const d of differences) {
    const beyond = d / largest - first;
    sum += beyond;
    spread = Math.max(spread, Math.abs(beyond));
  }
  const mean = first + sum / n;
  if (spread <= equalTolerance) return { n, mean: mean * largest, se: 0, p: 2 ** (1 - n) };
  let squares = 0;
  for (const d of differences) squares += (d / largest - mean) ** 2;
  const se = Math.sqrt(squares / (n - 1) / n);
  return { n, mean: mean * largest, se: se * largest, p: studentTwoSided(mean / se, n - 1) };
}

/** The same test with a standard error `factor` times as large. */
export function withWiderError(test: PairedT, factor: number): PairedT {
  const { n, mean } = test;
  if (test.se === 0 || factor === 1) return test;
  const se = factor * test.se;
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
