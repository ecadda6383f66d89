import type { PrecisionNeeds, SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { untilName } from '../model/subject-name.ts';
import type { TrialRecord } from '../model/trial.ts';
import { blockTime, trialTimes, valuesFinder } from './block-ratios.ts';
import { tooManyFailed } from './comparison.ts';
import { blocksForWidth } from './stats/order-statistic.ts';
import { minimumPairs, pairedT } from './stats/paired-centre.ts';
import type { Subject } from './subjects.ts';

/** Input of {@link withNeeds}. */
export interface NeedsInput {
  readonly rows: readonly SummaryRow[];
  readonly subjects: readonly Subject[];
  readonly run: RunRecord;
  /** The raw trials: only for their times. */
  readonly trials: readonly TrialRecord[];
  /** Factor of all standard errors, from the A/A check. */
  readonly widening?: number;
}

/** The rows; inconclusive headlines also say what they need. */
export function withNeeds(input: NeedsInput): SummaryRow[] {
  const needsOf = needsFinder(input);
  return input.rows.map((row) => {
    const needs = needsOf(row);
    return needs === undefined ? row : { ...row, needs };
  });
}

/**
 * What an inconclusive headline needs: paired blocks until the interval of its ratio is as narrow as the practical
 * threshold, at the standard deviation of its log ratios so far, and the time of those blocks. They are at least as
 * many as the test of an extension needs.
 *
 * Undefined for a comparison without a ratio or of survivors only, and for one whose interval is that narrow already:
 * its ratio lies at the practical threshold, and more blocks would not decide on which side.
 */
function needsFinder({
  subjects,
  run,
  trials,
  widening = 1,
}: NeedsInput): (row: SummaryRow) => PrecisionNeeds | undefined {
  const { practical, alpha } = run.config.thresholds;
  const valuesOf = valuesFinder(subjects, run);
  const times = trialTimes(trials);
  const half = Math.log1p(practical);
  return (row) => {
    if (row.verdict !== 'inconclusive' || !row.headline || row.ratio === null || row.layer === 'floor')
      return;
    const values = valuesOf(row);
    if (values === null || isWithin(row, half)) return;
    if (tooManyFailed([values.cell]) || tooManyFailed(values.baseline.cells)) return;
    const spread = pairedT([...values.logRatios.values()]);
    if (spread === null) return;
    const { n, se } = spread;
    const blocks = blocksForWidth(widening * se * Math.sqrt(n), half, alpha, n + minimumPairs);
    const blockMs = blockTime(row, times);
    const moreBlocks = blocks - n;
    const moreMs = blockMs === null ? null : moreBlocks * blockMs;
    const profile = row.baselineProfile === undefined ? null : row.profile;
    return { halfWidth: practical, blocks, moreBlocks, moreMs, until: untilName(row, profile) };
  };
}

/** Is the interval of the ratio no wider than ±`half` on the scale of logarithms? */
function isWithin({ ratioCiLow, ratioCiHigh }: SummaryRow, half: number): boolean {
  return ratioCiLow !== null && ratioCiHigh !== null && Math.log(ratioCiHigh / ratioCiLow) <= 2 * half;
}
