import { minimumPairs } from './stats/paired-centre.ts';
import { criticalWalshRank } from './stats/signed-rank.ts';

/** Minimum number of paired blocks for an interval of a ratio with confidence 1 − `alpha`, and so for a verdict; at 0.05: 6. */
export function blocksForInterval(alpha: number): number {
  let n = minimumPairs;
  while (criticalWalshRank(n, 1 - alpha) === null) n++;
  return n;
}
