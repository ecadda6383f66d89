import { normalScore, normalTwoSided, studentQuantile, studentTwoSided } from './distributions.ts';
import { requireFinite, sortedFinite } from './finite.ts';
import { walshAverages, walshInterval, walshMedian } from './hodges-lehmann.ts';
import { signedRankTest } from './signed-rank.ts';

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

/** The two-sided p whose normal score is that of `p` divided by `factor`. */
export function widerP(p: number, factor: number): number {
  return factor === 1 ? p : normalTwoSided(normalScore(p) / factor);
}

/** From this many pairs on, the signed-rank test joins the t test; with fewer, its smallest p is too large to help. */
export const robustFrom = 12;

/** The test of paired differences: of t, and of signed ranks where there are enough pairs. */
export interface PairedTest {
  readonly t: PairedT;
  /** p of Wilcoxon's signed-rank test; null below {@link robustFrom}. */
  readonly rankP: number | null;
  /** Do both tests see the centre on the same side? True where there is one test. */
  readonly agree: boolean;
  /** The p that decides: the combination of both. */
  readonly p: number;
}

/**
 * Test "the centre of the differences is 0", two-sided, by the paired t test; from {@link robustFrom} pairs on combined with
 * the signed-rank test. One outlier inflates the standard error of t so much that a difference beyond doubt is not claimed; it
 * is one rank among many. Combined is what both say of the side on which the ranks lie, so that evidence of opposite directions
 * does not add up. Null below two differences.
 */
export function pairedTest(differences: readonly number[]): PairedTest | null {
  const t = pairedT(differences);
  if (t === null) return null;
  if (t.n < robustFrom) return combined(t, null, true);
  const { statistic, n, p } = signedRankTest(differences);
  const side = statistic - (n * (n + 1)) / 4;
  return combined(t, p, side * t.mean >= 0);
}

function combined(t: PairedT, rankP: number | null, agree: boolean): PairedTest {
  if (rankP === null) return { t, rankP, agree, p: t.p };
  // One-sided, towards the side of the ranks, on which the interval lies.
  const ofT = agree ? t.p / 2 : 1 - t.p / 2;
  return { t, rankP, agree, p: Math.min(1, 2 * cauchyCombination(ofT, rankP / 2)) };
}

/** A p above this counts as this: a p of 1 says that a test saw nothing, and must not outweigh any p of another. */
const largestScored = 0.99;

/**
 * Cauchy combination of the p values of two tests of one hypothesis, each with half of the weight (Y. Liu & J. Xie, J. Am.
 * Stat. Assoc. 115 (2020) 393). Small values have about the level of independent tests, however the two depend on each other.
 */
export function cauchyCombination(a: number, b: number): number {
  if (a === b) return a;
  // tan((½ − p)·π) is 1/(p·π) for small p, where ½ − p would lose its digits.
  const score = (p: number) => 1 / Math.tan(Math.PI * Math.min(p, largestScored));
  // The cotangent of (0, 1)·π; atan2 keeps the digits of small values.
  return Math.atan2(1, (score(a) + score(b)) / 2) / Math.PI;
}

/** The interval that misses the mean with probability `miss`, half of that on each side. */
export function meanInterval(
  { n, mean, se }: Pick<PairedT, 'n' | 'mean' | 'se'>,
  miss: number,
): { readonly low: number; readonly high: number } {
  const half = -studentQuantile(miss / 2, n - 1) * se;
  return { low: mean - half, high: mean + half };
}

/** Steps of the bisection of {@link testInterval}; each halves the error, which begins at a few standard errors. */
const bisections = 24;

/**
 * The differences from which the test does not tell the centre at level `miss`: the interval that inverts {@link pairedTest},
 * with errors `widening` times as large. For the t test alone, below {@link robustFrom} values, it is mean ± t·se.
 */
export function testInterval(
  differences: readonly number[],
  miss: number,
  widening = 1,
): { readonly low: number; readonly high: number } {
  const t = pairedT(differences);
  if (t === null) throw new RangeError('fewer than two differences have no interval');
  const ofMean = meanInterval({ ...t, se: widening * t.se }, miss);
  if (t.n < robustFrom || t.se === 0) return ofMean;
  const half = (ofMean.high - ofMean.low) / 2;
  const centre = walshMedian(walshAverages(sortedFinite(differences)), t.n);
  const holds = (at: number) => {
    const test = pairedTest(differences.map((value) => value - at));
    return test === null || widerTest(test, widening).p > miss;
  };
  // Of values so skewed that the tests disagree of one of these, another is inside.
  const within = [centre, t.mean, 0].filter(holds);
  if (within.length === 0) return ofMean;
  const bound = (side: -1 | 1) => {
    const from = side < 0 ? Math.min(...within) : Math.max(...within);
    // One of the doubled steps is outside.
    let [inside, outside] = [0, half];
    while (holds(from + side * outside)) [inside, outside] = [outside, 2 * outside];
    for (let step = 0; step < bisections; step++) {
      const middle = (inside + outside) / 2;
      if (holds(from + side * middle)) inside = middle;
      else outside = middle;
    }
    return from + side * outside;
  };
  return { low: bound(-1), high: bound(1) };
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
  readonly test: PairedTest | null;
}

/** Confidence of the interval that shows equivalence when it lies within a band, by two one-sided tests (Schuirmann 1987). */
export function equivalenceConfidence(confidence: number): number {
  // At the least useful confidence, ½, the interval is a point.
  return Math.max(2 * confidence - 1, Number.EPSILON);
}

/** The centre of paired differences, with its signed-rank intervals and its test. Null without differences. */
export function pairedCentre(differences: readonly number[], confidence: number): Centre | null {
  const n = differences.length;
  if (n === 0) return null;
  const averages = walshAverages(sortedFinite(differences));
  const estimate = walshMedian(averages, n);
  if (n < minimumPairs) return { estimate, low: null, high: null, low90: null, high90: null, test: null };
  const wide = walshInterval(averages, n, confidence);
  const narrow = walshInterval(averages, n, equivalenceConfidence(confidence));
  return { estimate, ...wide, low90: narrow.low, high90: narrow.high, test: pairedTest(differences) };
}

/** The test with standard errors `factor` times as large. */
export function widerTest({ t, rankP, agree }: PairedTest, factor: number): PairedTest {
  const wider = rankP === null || t.se === 0 ? rankP : widerP(rankP, factor);
  return combined(withWiderError(t, factor), wider, agree);
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
    test: test === null ? null : widerTest(test, factor),
  };
}
