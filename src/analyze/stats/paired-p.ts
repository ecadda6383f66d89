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
 *   makes it cautious. Where they look opposed (whatever slows down one spares the other), its p counts as 1.
 *
 * docs/method.md has what simulation says of both. All values must be positive; exchanging the samples keeps p.
 */
export function pairedP(pairs: readonly (readonly [number, number])[]): number {
  const first = pairs.map(([a]) => a);
  const second = pairs.map(([, b]) => b);
  const signedRank = signedRankTest(pairs.map(([a, b]) => Math.log(a) - Math.log(b))).p;
  const rho = spearmanRho(first, second) ?? 0;
  const usable = rho * Math.sqrt(pairs.length - 1) >= opposed;
  const rankSum = usable ? rankSumTest(first, second).p : 1;
  return Math.min(1, 2 * Math.min(signedRank, rankSum));
}
