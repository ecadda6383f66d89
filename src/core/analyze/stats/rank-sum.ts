import { normalCdf, normalQuantile } from './distributions.ts';
import { at, requireFinite } from './finite.ts';

/** The ranks of values, and the extent of ties. */
interface Midranks {
  /** Twice the midrank of each value, in the given order: doubled, so that they are integers. */
  readonly doubled: readonly number[];
  /** Σ(t³−t) over groups of t tied values; 0 without ties. */
  readonly tieSum: number;
}

/**
 * Ranks from 1 up; tied values share their mean rank. A value ties with the smallest of its group if it exceeds that
 * value by at most `tolerance` times its magnitude. With 0 (the default), only equal values tie.
 */
export function midranks(values: readonly number[], tolerance = 0): Midranks {
  // Sorting numbers without a comparison function, and finding each again, is several times faster than sorting
  // indices.
  const sorted = Float64Array.from(values).sort();
  const ranks = new Uint32Array(sorted.length);
  let tieSum = 0;
  let begin = 0;
  while (begin < sorted.length) {
    const first = at(sorted, begin);
    const limit = tolerance * Math.abs(first);
    let end = begin + 1;
    while (end < sorted.length && at(sorted, end) - first <= limit) end++;
    ranks.fill(begin + 1 + end, begin, end);
    const tied = end - begin;
    tieSum += tied ** 3 - tied;
    begin = end;
  }
  return { doubled: values.map((value) => at(ranks, firstIndex(sorted, value))), tieSum };
}

/** The first index of a value that the sorted array contains. */
function firstIndex(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Up to this many values in both samples together, p is exact without ties; beyond, normal. */
export const exactLimit = 120;

/**
 * Up to this many values, p is exact with ties. Each test then needs its own distribution, whose cost grows with the
 * fourth power of n (2 ms at the limit). Without ties, one table serves all tests of the same sizes.
 */
export const exactLimitTied = 50;

export interface RankSumTest {
  /** Pairs (x, y) with x > y, those with x = y counting ½: Mann and Whitney's U of the first sample. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/**
 * Wilcoxon's rank-sum test (Mann and Whitney's) that two independent samples come from the same distribution,
 * two-sided.
 *
 * Ties get midranks. The exact p value is 2·min(P(U ≤ u), P(U ≥ u)) when every assignment of values to the first sample
 * is equally likely, given the observed (mid)ranks (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd
 * ed., §4.1). Its minimum is 2/C(m+n, m). Above {@link exactLimit} values, or {@link exactLimitTied} with ties, p is
 * the normal approximation with tie correction of the variance and continuity correction of ½.
 *
 * Throws RangeError on an empty sample or a value that is not finite.
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): RankSumTest {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('an empty sample has no ranks');
  requireFinite(first);
  requireFinite(second);
  const { doubled, tieSum } = midranks([...first, ...second]);
  let sum = 0;
  for (let i = 0; i < m; i++) sum += at(doubled, i);
  // Twice U, an integer.
  const doubledU = sum - m * (m + 1);
  const u = doubledU / 2;
  if (tieSum === 0 && m + n <= exactLimit)
    return { u, p: Math.min(1, 2 * at(untiedTail(m, n), Math.min(u, m * n - u))), method: 'exact' };
  if (tieSum > 0 && m + n <= exactLimitTied) return { u, p: tiedP(doubled, m, doubledU), method: 'exact' };
  const variance = ((m * n) / 12) * (m + n + 1 - tieSum / ((m + n) * (m + n - 1)));
  // All values are equal.
  if (variance === 0) return { u, p: 1, method: 'normal' };
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return { u, p: Math.min(1, 2 * normalCdf(-z)), method: 'normal' };
}

/**
 * The rank k (1-based, from either end) of the ordered differences that bounds the confidence interval of a shift. It
 * is the largest k with P(U ≤ k−1) ≤ (1−confidence)/2, so that the interval covers at least that often. Null where
 * there is none. Exact up to {@link exactLimit} values together, then by the normal approximation with continuity
 * correction.
 */
export function rankSumCritical(m: number, n: number, confidence: number): number | null {
  const tail = (1 - confidence) / 2;
  if (m + n > exactLimit) {
    const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
    const k = Math.floor((m * n) / 2 + 0.5 + normalQuantile(tail) * deviation);
    return k >= 1 ? k : null;
  }
  const below = untiedTail(m, n);
  let k = 0;
  while (k < below.length && at(below, k) <= tail) k++;
  return k === 0 ? null : k;
}

function tiedP(doubled: readonly number[], m: number, doubledU: number): number {
  const n = doubled.length - m;
  const distribution = tiedDistribution(doubled, m);
  const tail = (to: number, from = 0) =>
    distribution.subarray(from, to + 1).reduce((sum, probability) => sum + probability, 0);
  const opposite = 2 * m * n - doubledU;
  // Samples of equal size have a symmetric distribution: the smaller tail is both, whichever sample comes first.
  const smaller =
    m === n
      ? tail(Math.min(doubledU, opposite))
      : Math.min(tail(doubledU), tail(distribution.length - 1, doubledU));
  return Math.min(1, 2 * smaller);
}

const untiedTails = new Map<string, Float64Array>();

/** P(U ≤ u), u = 0…mn, without ties. It also gives P(U ≥ u), since the distribution is symmetric. */
function untiedTail(m: number, n: number): Float64Array {
  const key = `${Math.min(m, n)} ${Math.max(m, n)}`;
  let tail = untiedTails.get(key);
  if (tail === undefined) {
    let sum = 0;
    tail = untiedDistribution(Math.min(m, n), Math.max(m, n)).map((probability) => (sum += probability));
    untiedTails.set(key, tail);
  }
  return tail;
}

/**
 * P(U = u), u = 0…mn, without ties. The largest value belongs to the first sample with probability m/(m+n), and then
 * exceeds all n of the second: P(m,n,u) = m/(m+n)·P(m−1,n,u−n) + n/(m+n)·P(m,n−1,u). All terms are positive, so no
 * digits cancel.
 */
function untiedDistribution(m: number, n: number): Float64Array {
  // row[j] is the distribution for i values against j.
  let row = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const [fewerFirst, fewerSecond] = [at(row, j), at(next, j - 1)];
      const probabilities = new Float64Array(i * j + 1);
      for (let u = 0; u < fewerSecond.length; u++) probabilities[u] = ((fewerSecond[u] ?? 0) * j) / (i + j);
      for (let u = 0; u < fewerFirst.length; u++)
        probabilities[u + j] = (probabilities[u + j] ?? 0) + ((fewerFirst[u] ?? 0) * i) / (i + j);
      next.push(probabilities);
    }
    row = next;
  }
  return at(row, n);
}

/**
 * P(2U = s), s = 0…2mn, for U of `m` of the values, drawn without replacement. `doubled` holds twice the midranks of
 * all. By symmetry the distribution of the other sample is the reverse; the smaller of the two is drawn.
 */
function tiedDistribution(doubled: readonly number[], m: number): Float64Array {
  const total = doubled.length;
  if (2 * m > total) return tiedDistribution(doubled, total - m).reverse();
  const width = 2 * m * (total - m) + 1;
  // drawn[k][s]: probability that k of the values so far were drawn and that twice the sum of their midranks is k(k+1)
  // + s. k(k+1) is the minimum. s is at most 2k(total−k), which is below `width` as k ≤ m ≤ total/2.
  const drawn = Array.from({ length: m + 1 }, () => new Float64Array(width));
  at(drawn, 0)[0] = 1;
  // Ascending order, so that rounding does not depend on which sample a value came from.
  doubled
    .toSorted((a, b) => a - b)
    .forEach((rank, index) => {
      const left = total - index;
      for (let k = Math.min(m, index + 1); k >= 0; k--) {
        const states = at(drawn, k);
        // Probability of drawing the next value: missing draws over remaining values.
        const stay = Math.max(0, 1 - (m - k) / left);
        for (let s = 0; s < width; s++) states[s] = (states[s] ?? 0) * stay;
        if (k === 0) continue;
        const before = at(drawn, k - 1);
        const draw = Math.min(1, (m - k + 1) / left);
        const shift = rank - 2 * k;
        for (let s = Math.max(0, -shift); s < Math.min(width, width - shift); s++)
          states[s + shift] = (states[s + shift] ?? 0) + (before[s] ?? 0) * draw;
      }
    });
  return at(drawn, m);
}
