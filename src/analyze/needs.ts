import { median } from 'simple-statistics';
import { aaControl, duetArm } from '../model/aa-control.ts';
import type { Needs, SummaryRow } from '../model/analysis.ts';
import { cellKey } from '../model/cell.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import { untilName } from '../model/until-name.ts';
import { valuesFinder } from './categories-log-ratios.ts';
import { tooManyFailed } from './comparison.ts';
import { blocksForWidth } from './stats/blocks-for-width.ts';
import { minimumPairs } from './stats/paired-centre.ts';
import { pairedT } from './stats/paired-t.ts';
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

/** The rows, and with the inconclusive headlines what they need. */
export function withNeeds(input: NeedsInput): SummaryRow[] {
  const needsOf = needsFinder(input);
  return input.rows.map((row) => {
    const needs = needsOf(row);
    return needs === undefined ? row : { ...row, needs };
  });
}

/**
 * What an inconclusive headline needs: paired blocks until the interval of its ratio is as narrow as the practical threshold, at
 * the standard deviation of its log ratios so far, and the time of those blocks. They are at least as many as the test of an
 * extension needs.
 *
 * None for a comparison without a ratio or of survivors only, nor for one whose interval is that narrow already: its ratio lies
 * where the practical threshold is, and more of the same would not settle on which side.
 */
function needsFinder({
  subjects,
  run,
  trials,
  widening = 1,
}: NeedsInput): (row: SummaryRow) => Needs | undefined {
  const { practical, alpha } = run.config.thresholds;
  const valuesOf = valuesFinder(subjects, run);
  const times = trialTimes(trials);
  const half = Math.log1p(practical);
  return (row) => {
    if (row.verdict !== 'inconclusive' || !row.headline || row.ratio === null) return;
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
    return { halfWidth: practical, blocks, moreBlocks, moreMs, until: untilName(row) };
  };
}

/** Is the interval of the ratio within ±`half` of the middle, in logarithms? */
function isWithin({ ratioCiLow, ratioCiHigh }: SummaryRow, half: number): boolean {
  return ratioCiLow !== null && ratioCiHigh !== null && Math.log(ratioCiHigh / ratioCiLow) <= 2 * half;
}

/** cell key → wall times from create to remove of its measured trials that ended well, ms. */
function trialTimes(trials: readonly TrialRecord[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const { cell, phase, outcome, iterationNs } of trials) {
    if (phase !== 'measure' || outcome.status !== 'ok' || iterationNs === null) continue;
    const key = cellKey(cell);
    const own = times.get(key);
    if (own === undefined) times.set(key, [iterationNs / 1e6]);
    else own.push(iterationNs / 1e6);
  }
  return times;
}

/**
 * Time of one more block of a comparison, ms: the median trials of the runtime and of each arm of the baseline. The
 * trials of a duet run at once.
 */
function blockTime(row: SummaryRow, times: ReadonlyMap<string, readonly number[]>): number | null {
  const timeOf = (runtime: string) => {
    const own = times.get(cellKey({ ...row, runtime }));
    return own === undefined ? null : median([...own]);
  };
  const [own, partner] = [timeOf(row.runtime), timeOf(duetArm(row.baseline, row.runtime))];
  if (own !== null && partner !== null) return Math.max(own, partner);
  const baseline = timeOf(row.baseline);
  if (own === null || baseline === null) return null;
  return own + baseline + (timeOf(aaControl(row.baseline)) ?? 0);
}
