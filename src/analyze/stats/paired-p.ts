import { rankSumTest } from './rank-sum.ts';
import { signedRankTest } from './signed-rank.ts';
import { spearmanRho } from './spearman.ts';

/**
 * Below this multiple of its standard deviation 1/√(n−1) the rank correlation between the two samples within blocks
 * counts as negative; of unrelated samples one in twenty is below it (Φ(−1.645)).
 */
const opposed = -1.645;

/**
 * One p value of "two samples paired by block do not differ" out of two tests: min(1, 2·min(p₁, p₂)), which is
 * Bonferroni's bound for the two.
 *
 * - The signed-rank test of the log ratios needs nothing but the random order within blocks, but cannot give less
 *   than 2^(1−n): with 120 comparisons no number of blocks below 13 could make a claim.
 * - The rank-sum test of the values, as if they were not paired, can give 2/C(2n,n). It needs that within a block
 *   the two are not correlated negatively. What a block shares (drift, a slow hour) correlates them positively and
 *   makes it cautious. Where they look opposed (whatever slows down one spares the other), its p counts as 1, unless
 *   the two are farther apart than either is wide: no opposition around one centre does that ({@link farApart}).
 *
 * docs/method.md has what simulation says of both. All values must be positive; exchanging the samples keeps p.
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
 * Is the gap between two samples, as a ratio, wider than the range of either? Samples that mirror each other around one
 * centre can be apart, but then the gap is twice the least distance from the centre and a range the greatest less the
 * least: all distances would have to lie within a factor of three, and all signs to agree.
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
