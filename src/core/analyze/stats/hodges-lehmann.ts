import { at, requireFinite, sortedFinite } from './finite.ts';
import { rankSumCritical } from './rank-sum.ts';
import { criticalWalshRank } from './signed-rank.ts';

/** An estimate of the centre and its confidence interval; the bounds are null where the sample is too small. */
export interface CentreEstimate {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The number of Walsh averages ≤ a threshold, the largest of those, and the smallest of the others. */
interface Split {
  readonly count: number;
  readonly below: number;
  readonly above: number;
}

/**
 * Mean that also works where the sum exceeds a double: an infinity would make the bisection between `low` and `high`
 * endless.
 */
function mean(a: number, b: number): number {
  const sum = a + b;
  return Number.isFinite(sum) ? sum / 2 : a / 2 + b / 2;
}

/** One sweep of two indices over the sorted values: O(n), although there are n(n+1)/2 averages. */
function splitWalshAverages(sorted: Float64Array, threshold: number): Split {
  let count = 0;
  let below = -Infinity;
  let above = Infinity;
  let j = sorted.length - 1;
  for (let i = 0; i <= j; i++) {
    // Without the checks of `at`: every step of every search is here.
    const x = sorted[i] ?? Number.NaN;
    let average = mean(x, sorted[j] ?? Number.NaN);
    while (average > threshold) {
      if (average < above) above = average;
      // Every average that begins further right is larger than x itself.
      if (--j < i) return { count, below, above };
      average = mean(x, sorted[j] ?? Number.NaN);
    }
    count += j - i + 1;
    if (average > below) below = average;
  }
  return { count, below, above };
}

/** Up to this many values, listing all averages is faster than searching for one. */
const listedUpTo = 16;

/** Finds the k-th smallest (1-based) Walsh average of sorted values, for every k. */
export type WalshAverages = (k: number) => number;

/** The Walsh averages of sorted values. */
export function walshAverages(sorted: Float64Array): WalshAverages {
  const n = sorted.length;
  if (n > listedUpTo) return searchedAverages(sorted);
  const all = new Float64Array((n * (n + 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) all[count++] = mean(at(sorted, i), at(sorted, j));
  all.sort();
  return (k) => at(all, k - 1);
}

/**
 * Finds any of the n(n+1)/2 Walsh averages (xᵢ+xⱼ)/2, i ≤ j, without listing them: a search of the value range, whose
 * ends snap to averages that exist. Exact; O(n) memory. What one search has split narrows the next ones.
 */
export function searchedAverages(sorted: Float64Array): WalshAverages {
  const total = (sorted.length * (sorted.length + 1)) / 2;
  const splits: Split[] = [
    { count: 0, below: -Infinity, above: at(sorted, 0) },
    { count: total, below: at(sorted, sorted.length - 1), above: Infinity },
  ];
  return (k) => {
    if (!Number.isInteger(k) || k < 1 || k > total)
      throw new RangeError(`k is ${k}: it must be in 1…${total}`);
    let [under, over] = [at(splits, 0), at(splits, 1)];
    for (const split of splits)
      if (split.count < k) under = split.count > under.count ? split : under;
      else over = split.count < over.count ? split : over;
    let halved = true;
    while (under.count < k - 1 && over.count > k && under.above < over.below) {
      const left = over.count - under.count;
      // Averages are dense and even where most searches end, so a guess by their number comes nearer than the middle.
      const share = halved ? (k - under.count - 0.5) / left : 0.5;
      const split = splitWalshAverages(sorted, between(under.above, over.below, share));
      splits.push(split);
      if (split.count < k) under = split;
      else over = split;
      halved = 2 * (over.count - under.count) <= left;
    }
    return over.count === k ? over.below : under.above;
  };
}

/** A threshold at a share of the way between two averages, from `low` to below `high`, so that it parts them. */
function between(low: number, high: number, share: number): number {
  const threshold = low * (1 - share) + high * share;
  // Between neighbouring floating-point numbers it may round to either side.
  return threshold >= low && threshold < high ? threshold : low;
}

/**
 * The Hodges–Lehmann estimate of the centre of a symmetric distribution, the median of the Walsh averages,
 * with the confidence interval that inverts the signed-rank test (Hodges & Lehmann, Ann. Math. Stat. 34
 * (1963) 598; Hollander, Wolfe & Chicken, §3.2–3.3). With ties or zeros the closed interval is conservative.
 * The bounds are null below n=6 at 95 %.
 *
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function hodgesLehmann(values: readonly number[], confidence: number): CentreEstimate {
  if (values.length === 0) throw new RangeError('an empty sample has no centre');
  const averages = walshAverages(sortedFinite(values));
  return {
    estimate: walshMedian(averages, values.length),
    ...walshInterval(averages, values.length, confidence),
  };
}

/** The median of the Walsh averages of n ≥ 1 values. */
export function walshMedian(averages: WalshAverages, n: number): number {
  const total = (n * (n + 1)) / 2;
  const lower = averages(Math.floor((total + 1) / 2));
  return total % 2 === 1 ? lower : mean(lower, averages(total / 2 + 1));
}

/** The interval of {@link hodgesLehmann} alone. */
export function walshInterval(
  averages: WalshAverages,
  n: number,
  confidence: number,
): Pick<CentreEstimate, 'low' | 'high'> {
  const k = criticalWalshRank(n, confidence);
  if (k === null) return { low: null, high: null };
  return { low: averages(k), high: averages((n * (n + 1)) / 2 + 1 - k) };
}

/**
 * Shift of the second of two independent samples above the first: the Hodges–Lehmann estimate, the median of all
 * differences second − first. Its interval inverts the rank-sum test (Hollander, Wolfe & Chicken, Nonparametric
 * Statistical Methods, 3rd ed., §4.2–4.3; wilcox.test(conf.int = TRUE) of R). With ties the closed interval is
 * conservative. The bounds are null where the samples are too small for the confidence (at 95 %: below 4 and 4). O(mn)
 * time and memory.
 *
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function shift(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): CentreEstimate {
  if (first.length === 0 || second.length === 0) throw new RangeError('an empty sample has no shift');
  requireFinite(first);
  requireFinite(second);
  const differences = Float64Array.from(second.flatMap((y) => first.map((x) => y - x))).sort();
  const total = differences.length;
  const middle = (at(differences, Math.floor((total - 1) / 2)) + at(differences, Math.floor(total / 2))) / 2;
  const k = rankSumCritical(first.length, second.length, confidence);
  return {
    estimate: middle,
    low: k === null ? null : at(differences, k - 1),
    high: k === null ? null : at(differences, total - k),
  };
}
