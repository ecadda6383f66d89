import type { Needs } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { untilCategory } from '../model/until-name.ts';
import { blockTime, type TrialTimes } from './block-time.ts';
import type { CategoryMember } from './categories-members.ts';
import { blocksForWidth } from './stats/blocks-for-width.ts';
import { minimumPairs } from './stats/paired-centre.ts';
import type { PooledMean } from './stats/pooled-mean.ts';
import { studentQuantile } from './stats/student-t.ts';

/** Input of {@link categoryNeeds}. */
export interface CategoryNeedsInput {
  /** With the error as it counts, widened where the run's are. */
  readonly pooled: PooledMean;
  readonly members: readonly CategoryMember[];
  readonly times: TrialTimes;
  readonly thresholds: RunRecord['config']['thresholds'];
}

/**
 * What an inconclusive category needs: blocks of all its subjects until its interval is as narrow as the practical threshold. Its
 * error falls with the root of the blocks; the spread between the subjects is no part of it. None where the interval is that
 * narrow already.
 */
export function categoryNeeds({ pooled, members, times, thresholds }: CategoryNeedsInput): Needs | undefined {
  const [first] = members;
  const { standardError, df, blocks: n } = pooled;
  const { practical, alpha } = thresholds;
  const half = Math.log1p(practical);
  if (first === undefined || -studentQuantile(alpha / 2, df) * standardError <= half) return;
  const blocks = blocksForWidth(standardError * Math.sqrt(n), half, alpha, n + minimumPairs);
  const blockTimes = members.map(({ row }) => blockTime(row, times));
  const blockMs = blockTimes.every((time) => time !== null) ? sum(blockTimes) : null;
  const profile = first.row.baselineProfile === undefined ? null : first.row.profile;
  const moreBlocks = blocks - n;
  const moreMs = blockMs === null ? null : moreBlocks * blockMs;
  return { halfWidth: practical, blocks, moreBlocks, moreMs, until: untilCategory(first.row, profile) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
