import { normalCdf, normalQuantile } from './distributions.ts';
import { requireFinite, requireFraction } from './finite.ts';
import { midranks } from './rank-sum.ts';

/**
 * Up to this many non-zero differences the null distribution is computed exactly; above it the normal
 * approximation takes over, whose error in p is then below 0.001.
 */
export const exactLimit = 200;

/**
 * Absolute differences closer than this fraction count as tied. Equal ratios of different numbers (6/3 and 2/1) differ
 * in the last bits of their logarithms; R's `wilcox.test(digits.rank=)` exists for the same reason.
 */
const tieTolerance = 1e-12;

export interface SignedRankTest {
  /** W+: sum of the midranks of the positive differences. */
  readonly statistic: number;
  /** Number of non-zero differences. */
  readonly n: number;
  readonly zeros: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/**
 * P(S = s) for s = 0…limit, where S is the sum of a subset of `ranks` (positive integers) to which each
 * rank belongs with probability ½: the null distribution of W+ given the ranks, by dynamic programming.
 */
function subsetSumProbabilities(ranks: Iterable<number>, limit: number): Float64Array {
  const probabilities = new Float64Array(limit + 1);
  probabilities[0] = 1;
  for (const rank of ranks)
    for (let sum = limit; sum >= 0; sum--) {
      const with_ = sum >= rank ? (probabilities[sum - rank] ?? 0) : 0;
      probabilities[sum] = ((probabilities[sum] ?? 0) + with_) / 2;
    }
  return probabilities;
}

/**
 * Wilcoxon's signed-rank test that the differences are symmetric about 0, two-sided.
 *
 * Zeros are dropped, as Wilcoxon (1945) does; ties get midranks. Up to {@link exactLimit} the p value is exact:
 * 2·min(P(W+ ≤ w), P(W+ ≥ w)) under the distribution of W+ conditional on the observed (mid)ranks (Hollander, Wolfe &
 * Chicken, Nonparametric Statistical Methods, 3rd ed., §3.1). Above it, p is the normal approximation with tie
 * correction of the variance and continuity correction of ½.
 *
 * Without any non-zero difference p is 1. Throws RangeError on a value that is not finite.
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  requireFinite(differences);
  const nonZero = differences.filter((difference) => difference !== 0);
  const n = nonZero.length;
  const zeros = differences.length - n;
  if (n === 0) return { statistic: 0, n, zeros, p: 1, method: 'exact' };

  const { doubled: ranks, tieSum } = midranks(nonZero.map(Math.abs), tieTolerance);
  const doubled = ranks.reduce((sum, rank, index) => sum + ((nonZero[index] ?? 0) > 0 ? rank : 0), 0);
  const statistic = doubled / 2;

  if (n > exactLimit) {
    const mean = (n * (n + 1)) / 4;
    const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieSum / 48;
    const z = Math.max(0, Math.abs(statistic - mean) - 0.5) / Math.sqrt(variance);
    return { statistic, n, zeros, p: Math.min(1, 2 * normalCdf(-z)), method: 'normal' };
  }

  // The distribution is symmetric, so the smaller tail is enough. Without ties every doubled rank is even.
  const scale = ranks.every((rank) => rank % 2 === 0) ? 2 : 1;
  const smaller = Math.min(doubled, n * (n + 1) - doubled) / scale;
  const tail = subsetSumProbabilities(
    ranks.map((rank) => rank / scale),
    smaller,
  ).reduce((sum, probability) => sum + probability, 0);
  return { statistic, n, zeros, p: Math.min(1, 2 * tail), method: 'exact' };
}

const criticalRanks = new Map<string, number | null>();

/**
 * Rank of the ordered Walsh averages that bound the confidence interval of `n` values. It is the largest k with P(W+ ≤
 * k−1) ≤ (1−confidence)/2: the k-th smallest and the k-th largest Walsh average enclose the centre with at least that
 * confidence. k−1 is the critical value of the usual tables (n=10, 95 %: 8). Null where even the extremes do not reach
 * it (95 %: n < 6). Exact up to {@link exactLimit}, then normal.
 */
export function criticalWalshRank(n: number, confidence: number): number | null {
  requireFraction('confidence', confidence);
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`n is ${n}: it must be a count`);
  const key = `${n} ${confidence}`;
  let rank = criticalRanks.get(key);
  if (rank === undefined) {
    rank = n > exactLimit ? normalCriticalRank(n, confidence) : exactCriticalRank(n, confidence);
    criticalRanks.set(key, rank);
  }
  return rank;
}

/** Slack for 1 − 0.95 being 0.05000000000000004 and the like. */
const roundingSlack = 1 + 1e-9;

function exactCriticalRank(n: number, confidence: number): number | null {
  const tail = ((1 - confidence) / 2) * roundingSlack;
  const ranks = Array.from({ length: n }, (_, index) => index + 1);
  const probabilities = subsetSumProbabilities(ranks, Math.floor((n * (n + 1)) / 4));
  let cumulative = 0;
  let k = 0;
  for (const probability of probabilities) {
    cumulative += probability;
    if (cumulative > tail) break;
    k++;
  }
  return k === 0 ? null : k;
}

function normalCriticalRank(n: number, confidence: number): number {
  const mean = (n * (n + 1)) / 4;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  return Math.floor(mean + normalQuantile((1 - confidence) / 2) * deviation + 0.5);
}
