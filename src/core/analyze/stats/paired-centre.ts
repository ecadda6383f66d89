import { sortedFinite } from './finite.ts';
import { walshAverages, walshInterval, walshMedian } from './hodges-lehmann.ts';
import { type PairedT, pairedT, withWiderError } from './paired-t.ts';

/** Below this many pairs there is neither an interval nor a test (at 95 %, no interval exists). */
export const minimumPairs = 6;

/** Where paired differences lie. All bounds are null below {@link minimumPairs}, or where the confidence needs more. */
export interface Centre {
  /** Hodges–Lehmann. */
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval for equivalence, which misses twice as often: 90 % beside 95 %. */
  readonly low90: number | null;
  readonly high90: number | null;
  /** Null below {@link minimumPairs}. */
  readonly test: PairedT | null;
}

/** Confidence of the interval whose place in a band shows equivalence, by two one-sided tests (Schuirmann 1987). */
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

/** The same with every half-width, and the standard error of the test, `factor` times as large. */
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
