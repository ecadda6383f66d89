import { studentQuantile, studentTwoSided } from './distributions.ts';
import { requireFinite, sortedFinite } from './finite.ts';
import { walshAverages, walshInterval, walshMedian } from './hodges-lehmann.ts';

/** Differences whose spread is below this fraction of the largest count as equal. */
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
 * samples have unequal spread, and profits from the pairing.
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
  // Divided by the largest, so that squares cannot overflow; relative to the first, so that the mean of equal values is
  // exactly their value.
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

/** The test with a standard error `factor` times as large. */
export function withWiderError(test: PairedT, factor: number): PairedT {
  const { n, mean } = test;
  if (test.se === 0 || factor === 1) return test;
  const se = factor * test.se;
  return { n, mean, se, p: studentTwoSided(mean / se, n - 1) };
}

/** The interval that misses the mean with probability `miss`, half of that on each side. */
export function meanInterval(
  { n, mean, se }: Pick<PairedT, 'n' | 'mean' | 'se'>,
  miss: number,
): { readonly low: number; readonly high: number } {
  const half = -studentQuantile(miss / 2, n - 1) * se;
  return { low: mean - half, high: mean + half };
}

/** Below this many pairs there is neither an interval nor a test (at 95 %, no interval exists). */
export const minimumPairs = 6;

/** Location of paired differences. All bounds are null below {@link minimumPairs}, or where the confidence needs more. */
export interface Centre {
  /** Hodges–Lehmann. */
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval for equivalence, which misses twice as often: 90 % where the other is 95 %. */
  readonly low90: number | null;
  readonly high90: number | null;
  /** Null below {@link minimumPairs}. */
  readonly test: PairedT | null;
}

/** Confidence of the interval that shows equivalence when it lies within a band, by two one-sided tests (Schuirmann 1987). */
export function equivalenceConfidence(confidence: number): number {
  // At the least useful confidence, ½, the interval is a point.
  return Math.max(2 * confidence - 1, Number.EPSILON);
}

/** The centre of paired differences, with its signed-rank intervals and paired t test. Null without differences. */
export function pairedCentre(differences: readonly number[], confidence: number): Centre | null {
  const n = differences.length;
  if (n === 0) return null;
  const averages = walshAverages(sortedFinite(differences));
  const estimate = walshMedian(averages, n);
  if (n < minimumPairs) return { estimate, low: null, high: null, low90: null, high90: null, test: null };
  const wide = walshInterval(averages, n, confidence);
  const narrow = walshInterval(averages, n, equivalenceConfidence(confidence));
  return { estimate, ...wide, low90: narrow.low, high90: narrow.high, test: pairedT(differences) };
}

/** The centre with every half-width, and the standard error of the test, multiplied by `factor`. */
export function widened(centre: Centre, factor: number): Centre {
  if (factor === 1) return centre;
  const { estimate, low, high, low90, high90, test } = centre;
  const away = (bound: number | null) => (bound === null ? null : estimate + factor * (bound - estimate));
  return {
    estimate,
    low: away(low),
    high: away(high),
    low90: away(low90),
    high90: away(high90),
    test: test === null ? null : withWiderError(test, factor),
  };
}
