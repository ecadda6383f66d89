import { medianAbsoluteDeviation, medianSorted, quantileSorted } from 'simple-statistics';
import { at, requireFraction, sortedFinite } from './finite.ts';

/**
 * Below this the 95th percentile is not reported. Fewer than one value in twenty is then expected above it, so the
 * figure would be the maximum under another name. (Its own 95 % interval is finite only from n = 72.)
 */
const p95MinimumN = 20;

/** Absolute figures of a sample in its own unit; null where the sample is too small for them. */
export interface Description {
  readonly n: number;
  readonly median: number;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly p95: number | null;
  readonly min: number;
  readonly max: number;
  /** Median absolute deviation from the median, not scaled to a standard deviation. */
  readonly mad: number;
}

/**
 * The largest k such that the k-th smallest and the k-th largest of `n` values enclose the median with at
 * least `confidence`: P(B ≤ k−1) ≤ (1−confidence)/2 for B ~ Bin(n, ½). Distribution-free (David & Nagaraja,
 * Order Statistics, 3rd ed., §7.1). Null where the extremes are not enough (95 %: n < 6).
 */
export function medianRank(n: number, confidence: number): number | null {
  requireFraction('confidence', confidence);
  const tail = ((1 - confidence) / 2) * (1 + 1e-9);
  // Logarithms, because 2⁻ⁿ underflows from n = 1075 on.
  let logProbability = -n * Math.LN2;
  let cumulative = 0;
  let k = 0;
  while (k <= n) {
    cumulative += Math.exp(logProbability);
    if (cumulative > tail) break;
    logProbability += Math.log((n - k) / (k + 1));
    k++;
  }
  return k === 0 ? null : k;
}

/**
 * Median with its order-statistic interval, 95th percentile (type 7), extremes and MAD.
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function describeSample(values: readonly number[], confidence: number): Description {
  if (values.length === 0) throw new RangeError('an empty sample cannot be described');
  const sorted = Array.from(sortedFinite(values));
  const n = sorted.length;
  const k = medianRank(n, confidence);
  return {
    n,
    median: medianSorted(sorted),
    ciLow: k === null ? null : at(sorted, k - 1),
    ciHigh: k === null ? null : at(sorted, n - k),
    p95: n < p95MinimumN ? null : quantileSorted(sorted, 0.95),
    min: at(sorted, 0),
    max: at(sorted, n - 1),
    mad: medianAbsoluteDeviation(sorted),
  };
}
