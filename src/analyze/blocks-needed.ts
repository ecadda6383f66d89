import { executedRuntime } from '../model/aa-arm.ts';
import type { Cell } from '../model/cell.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { criticalWalshRank } from './stats/signed-rank.ts';

/**
 * How many paired blocks a run needs before any of its claims can hold: the smallest n ≥ 6 with
 * 4/C(2n,n) · `comparisons` < `alpha`. Twice 2/C(2n,n) is the smallest p value that n pairs can give (the two do not
 * overlap; see pairedP), and Holm multiplies the smallest p of a family by the family's size. At 0.05, 6 blocks serve
 * for 11 comparisons, 7 for 42, 8 for 160.
 *
 * Throws RangeError unless `comparisons` is a positive integer and 0 < `alpha` < 1.
 */
export function blocksNeeded(comparisons: number, alpha: number): number {
  return smallest(comparisons, alpha, (n) => 4 / centralBinomial(n));
}

/**
 * How many it needs for a claim on a runtime whose values overlap with the baseline's, so that only their agreement
 * within blocks tells them apart: the smallest n ≥ 6 with 2·2^(1−n) · `comparisons` < `alpha` (twice the smallest p
 * value of the signed-rank test). One comparison at 0.05: 7; 15: 11; 120: 14.
 *
 * Throws RangeError as {@link blocksNeeded}.
 */
export function blocksNeededWhereOverlapping(comparisons: number, alpha: number): number {
  return smallest(comparisons, alpha, (n) => 2 ** (2 - n));
}

/** From how many paired blocks on a ratio has an interval of confidence 1 − `alpha`; at 0.05: 6. */
export function blocksForInterval(alpha: number): number {
  let n = 6;
  while (criticalWalshRank(n, 1 - alpha) === null) n++;
  return n;
}

/** With more headline comparisons a verdict needs more blocks (Holm): raises the minimum as far as the maximum allows. */
export function withBlocksForVerdict(config: ResolvedConfig, cells: readonly Cell[]): ResolvedConfig {
  const comparisons = cells.filter(
    ({ runtime, workload }) =>
      executedRuntime(runtime, config.baseline) !== config.baseline && !workload.startsWith('isolation/'),
  ).length;
  const needed = blocksNeeded(Math.max(1, comparisons), config.thresholds.alpha);
  return { ...config, minBlocks: Math.max(config.minBlocks, Math.min(needed, config.maxBlocks)) };
}

function smallest(comparisons: number, alpha: number, leastP: (n: number) => number): number {
  if (!Number.isInteger(comparisons) || comparisons < 1)
    throw new RangeError(`comparisons is ${comparisons}: it must be a positive integer`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}: it must lie between 0 and 1`);
  let n = 6;
  while (leastP(n) * comparisons >= alpha) n++;
  return n;
}

/** C(2n,n): in how many ways n of 2n values can be the first sample's. */
function centralBinomial(n: number): number {
  let product = 1;
  for (let i = 1; i <= n; i++) product = (product * (n + i)) / i;
  return product;
}
