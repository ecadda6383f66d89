import { rankSumTest } from './rank-sum.ts';
import { signedRankTest } from './signed-rank.ts';
import { spearmanRho } from './spearman.ts';

/**
 * Threshold for a negative rank correlation between the two samples within blocks, in standard deviations of 1/√(n−1).
 * One in twenty unrelated sample pairs is below it (Φ(−1.645)).
 */
const opposed = -1.645;

/**
 * One p value of "two samples paired by block do not differ" from two tests: min(1, 2·min(p₁, p₂)), which is
 * Bonferroni's bound for the two.
 *
 * - The signed-rank test of the log ratios needs only the random order within blocks, but its minimum is 2^(1−n): with
 *   120 comparisons, fewer than 13 blocks could never make a claim.
 * - The rank-sum test of the values, treated as unpaired, can reach 2/C(2n,n). It requires that the two are not
 *   negatively correlated within a block. Effects that a block shares (drift, a slow hour) correlate them positively
 *   and make the test conservative. Where they look negatively correlated (one is fast when the other is slow), its p
 *   counts as 1. The exception is a gap between the two that exceeds the range of either: no negative correlation
 *   around one centre causes that ({@link farApart}).
 *
 * docs/method.md has the simulations of both. All values must be positive; exchanging the samples keeps p.
 */
export function pairedP(pairs: readonly (readonly [number, number])[]): number {
  const first = pairs.map(([a]) => a);
  const second = pairs.map(([, b]) => b);
  const signedRank = signedRankTest(pairs.map(([a, b]) => Math.log(a) - Math.log(b))).p;
  const rho = spearmanRho(first, second) ?? 0;
  const usable = rho * Math.sqrt(pairs.length - 1) >= opposed || farApart(first, second);
  const rankSum = usable ? rankSumTest(first, second).p : 1;
  return Math.min(1, 2 * Math.min(signedRank, rankSum));
}

/**
 * True if the gap between two samples, as a ratio, is wider than the range of either. Samples that mirror each other
 * around one centre can be apart. The gap is then twice the minimum distance from the centre, and the range is the
 * maximum distance minus the minimum. All distances would have to lie within a factor of three, and all signs to agree.
 */
function farApart(first: readonly number[], second: readonly number[]): boolean {
  const [a, b] = [rangeOfLogs(first), rangeOfLogs(second)];
  const gap = Math.max(a.low - b.high, b.low - a.high);
  return gap > Math.max(a.high - a.low, b.high - b.low);
}

function rangeOfLogs(values: readonly number[]): { readonly low: number; readonly high: number } {
  const logs = values.map(Math.log);
  return { low: Math.min(...logs), high: Math.max(...logs) };
}
