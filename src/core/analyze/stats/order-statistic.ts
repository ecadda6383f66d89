import { studentQuantile } from './distributions.ts';
import { at, requireFinite, requireFraction, sortedFinite } from './finite.ts';

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

/**
 * Below this the 95th percentile is not reported. Fewer than one value in twenty is then expected above it, so the
 * figure would be the maximum under another name. (Its own 95 % interval is finite only from n = 72.)
 */
export const p95MinimumN = 20;

/** Absolute figures of a sample in its own unit; null where the sample is too small for them. */
export interface SampleDescription {
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
  const k = countWithin(n, 0.5, ((1 - confidence) / 2) * (1 + 1e-9));
  return k === 0 ? null : k;
}

/**
 * The ranks (1-based) of the order statistics that enclose the quantile of `probability` with at least `confidence`: the
 * largest `low` with P(B < low) and the smallest `high` with P(B ≥ high) at most (1−confidence)/2 for B ~ Bin(n,
 * probability). Distribution-free (David & Nagaraja, §7.1). Null where the extremes are not enough.
 */
export function quantileRanks(
  n: number,
  probability: number,
  confidence: number,
): { readonly low: number; readonly high: number } | null {
  requireFraction('probability', probability);
  requireFraction('confidence', confidence);
  const tail = ((1 - confidence) / 2) * (1 + 1e-9);
  const low = countWithin(n, probability, tail);
  // Counted from the other end: the number of values above.
  const fromTop = countWithin(n, 1 - probability, tail);
  return low === 0 || fromTop === 0 ? null : { low, high: n + 1 - fromTop };
}

/** The largest k with P(B ≤ k−1) ≤ `tail` for B ~ Bin(n, probability); 0 where there is none. */
function countWithin(n: number, probability: number, tail: number): number {
  // Logarithms, because small probabilities underflow.
  const odds = Math.log(probability) - Math.log1p(-probability);
  let logProbability = n * Math.log1p(-probability);
  let cumulative = 0;
  for (let k = 0; k <= n; k++) {
    cumulative += Math.exp(logProbability);
    if (cumulative > tail) return k;
    logProbability += Math.log((n - k) / (k + 1)) + odds;
  }
  return n;
}

/**
 * Median with its order-statistic interval, 95th percentile (type 7), extremes and MAD.
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function describeSample(values: readonly number[], confidence: number): SampleDescription {
  if (values.length === 0) throw new RangeError('an empty sample cannot be described');
  const sorted = sortedFinite(values);
  const n = sorted.length;
  const k = medianRank(n, confidence);
  const median = quantileOf(sorted, 0.5);
  return {
    n,
    median,
    ciLow: k === null ? null : at(sorted, k - 1),
    ciHigh: k === null ? null : at(sorted, n - k),
    p95: n < p95MinimumN ? null : quantileOf(sorted, 0.95),
    min: at(sorted, 0),
    max: at(sorted, n - 1),
    mad: quantileOf(sortedDeviations(sorted, median), 0.5),
  };
}

/** The quantile of sorted values, between two of them by linear interpolation (type 7). */
function quantileOf(sorted: Float64Array, probability: number): number {
  const place = (sorted.length - 1) * probability;
  const lower = at(sorted, Math.floor(place));
  return place % 1 === 0 ? lower : lower + (place % 1) * (at(sorted, Math.ceil(place)) - lower);
}

/** The distances of sorted values from a centre, sorted: those on either side are already, so the two are merged. */
function sortedDeviations(sorted: Float64Array, centre: number): Float64Array {
  const deviations = new Float64Array(sorted.length);
  let right = 0;
  while (right < sorted.length && at(sorted, right) < centre) right++;
  let left = right - 1;
  for (let place = 0; place < deviations.length; place++) {
    const below = centre - (sorted[left] ?? -Infinity);
    const above = (sorted[right] ?? Infinity) - centre;
    deviations[place] = Math.min(below, above);
    if (below < above) left--;
    else right++;
  }
  return deviations;
}
