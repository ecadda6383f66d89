import { median } from 'simple-statistics';
import type { CategoryEstimate, PrecisionNeeds, SummaryRow } from '../../model/analysis/analysis.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { cellKey } from '../../model/trial/cell.ts';
import { untilCategory, untilName } from '../../model/trial/subject-name.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import type { maxBlocksOf } from '../../model/workload/workload.ts';
import { blockTime, type TrialTimes, trialTimes, valuesFinder } from '../rows/block-ratios.ts';
import { tooManyFailed } from '../rows/comparison.ts';
import type { Subject } from '../rows/subjects.ts';
import { studentQuantile } from '../stats/distributions.ts';
import { blocksForWidth } from '../stats/order-statistic.ts';
import { minimumPairs } from '../stats/paired-centre.ts';
import type { SettledCategory } from './categories.ts';

/** Input of {@link withNeeds} and {@link categoriesWithNeeds}. */
export interface NeedsInput {
  readonly rows: readonly SummaryRow[];
  readonly subjects: readonly Subject[];
  readonly run: RunRecord;
  /** The raw trials: only for their times. */
  readonly trials: readonly TrialRecord[];
  /** Factor of all standard errors, from the A/A check. */
  readonly widening?: number;
  /** Blocks that an extension measures of a test at most. */
  readonly maxBlocksOf?: ReturnType<typeof maxBlocksOf>;
}

const unlimited = () => Number.POSITIVE_INFINITY;

/** The rows; inconclusive headlines also say what they need. */
export function withNeeds(input: NeedsInput): SummaryRow[] {
  const needsOf = needsFinder(input);
  return input.rows.map((row) => {
    const needs = needsOf(row);
    return needs === undefined ? row : { ...row, needs };
  });
}

/**
 * The estimates of categories; inconclusive ones also say what they need. A category of one row needs what the row needs: `rows`
 * are those of {@link withNeeds}.
 */
export function categoriesWithNeeds(
  categories: readonly SettledCategory[],
  { rows, run, trials, maxBlocksOf: mostOf = unlimited }: NeedsInput,
): CategoryEstimate[] {
  const needsOf = new Map(rows.map((row) => [row.headline ? cellKey(row) : '', row.needs] as const));
  const times = trialTimes(trials);
  return categories.map((settled) => {
    const { estimate, members, middle } = settled;
    const [first] = members;
    if (first === undefined || estimate.verdict !== 'inconclusive') return estimate;
    const needs = middle === null ? needsOf.get(cellKey(first.row)) : middleNeeds(settled, times, run);
    if (needs === undefined || members.some(({ row }) => needs.moreBlocks > mostOf(row))) return estimate;
    const { baselineProfile, profile } = first.row;
    const until = untilCategory(first.row, baselineProfile === undefined ? null : profile);
    return { ...estimate, needs: { ...needs, until } };
  });
}

/**
 * What an inconclusive category of several subjects needs: further blocks of all of them, until its interval is as narrow as
 * the practical threshold. Its error falls with the square root of the number of blocks; it does not include the spread
 * between subjects. Undefined where the interval is that narrow already.
 */
function middleNeeds(
  { middle, members }: SettledCategory,
  times: TrialTimes,
  { config }: RunRecord,
): Omit<PrecisionNeeds, 'until'> | undefined {
  if (middle === null) return;
  const { standardError, df, blocks: n } = middle;
  const { practical, alpha } = config.thresholds;
  const half = Math.log1p(practical);
  if (-studentQuantile(alpha / 2, df) * standardError <= half) return;
  const blocks = blocksForWidth(standardError * Math.sqrt(n), half, alpha, n + minimumPairs);
  let blockMs: number | null = 0;
  for (const { row } of members) {
    const time = blockTime(row, times);
    blockMs = blockMs === null || time === null ? null : blockMs + time;
  }
  const moreBlocks = blocks - n;
  return { halfWidth: practical, blocks, moreBlocks, moreMs: blockMs === null ? null : moreBlocks * blockMs };
}

/**
 * What an inconclusive headline needs: paired blocks until the interval of its ratio is as narrow as the practical
 * threshold ({@link blocksForInterval}), and the time of those blocks. They are at least as many as the test of an
 * extension needs.
 *
 * Where the interval is that narrow already and the ratio lies in the inner half of the band, they are those until the 90 %
 * interval lies in the band. Undefined where the ratio lies nearer to the threshold, since more blocks need not decide on which
 * side; for a comparison without a ratio or of survivors only; and for a test that is never measured in so many blocks.
 */
function needsFinder({
  subjects,
  run,
  trials,
  widening = 1,
  maxBlocksOf: mostOf = unlimited,
}: NeedsInput): (row: SummaryRow) => PrecisionNeeds | undefined {
  const { practical, alpha } = run.config.thresholds;
  const valuesOf = valuesFinder(subjects, run);
  const times = trialTimes(trials);
  const half = Math.log1p(practical);
  return (row) => {
    if (row.verdict !== 'inconclusive' || !row.headline || row.ratio === null || row.layer === 'floor')
      return;
    const values = valuesOf(row);
    const wanted = isWithin(row, half) ? equivalentHalf(row.ratio, half) : half;
    if (values === null || wanted === null) return;
    if (tooManyFailed([values.cell]) || tooManyFailed(values.baseline.cells)) return;
    const logs = [...values.logRatios.values()];
    const n = logs.length;
    if (n === 0) return;
    // The scatter of fewer pairs than an interval takes is a lottery: then only what an extension takes at least is said.
    const isKnown = n >= minimumPairs;
    const least = n + minimumPairs;
    const blocks = isKnown ? Math.max(least, blocksForRatio(logs, wanted / widening, 1 - alpha)) : least;
    if (!Number.isSafeInteger(blocks)) return;
    const blockMs = blockTime(row, times);
    const moreBlocks = blocks - n;
    if (moreBlocks > mostOf(row)) return;
    const moreMs = blockMs === null ? null : moreBlocks * blockMs;
    const profile = row.baselineProfile === undefined ? null : row.profile;
    const until = untilName(row, profile);
    return { halfWidth: practical, blocks, ...(isKnown ? {} : { atLeast: true }), moreBlocks, moreMs, until };
  };
}

/** Standard deviation of normal values ÷ the median distance of two of them. */
const perMedianDistance = 1.0483;

/** Width of a Hodges–Lehmann interval of normal values ÷ that of their mean: √(π/3). */
const widerThanMean = Math.sqrt(Math.PI / 3);

/**
 * Number of pairs whose Hodges–Lehmann interval is about as narrow as ±`half`, from the median distance of two of the log ratios
 * (M. I. Shamos, 1976). One outlier in ten widens a standard deviation without end, but hardly this distance. The same pairs need
 * the same. Throws RangeError below two pairs.
 */
export function blocksForRatio(logs: readonly number[], half: number, confidence: number): number {
  const n = logs.length;
  const distances = logs.flatMap((one, i) => logs.slice(i + 1).map((other) => Math.abs(one - other)));
  if (distances.length === 0) throw new RangeError('one pair shows no scatter');
  const deviation = perMedianDistance * median(distances) * widerThanMean;
  return blocksForWidth(deviation, half, 1 - confidence, n);
}

/** A 95 % interval of normal noise ÷ the 90 % one. */
const wider = 1.19;

/** Half-width of the 95 % interval with which a ratio in the inner half of the band is equivalent; null for any other ratio. */
function equivalentHalf(ratio: number, half: number): number | null {
  const away = Math.abs(Math.log(ratio));
  return away > half / 2 ? null : wider * (half - away);
}

/** Is the interval of the ratio no wider than ±`half` on the scale of logarithms? */
function isWithin({ ratioCiLow, ratioCiHigh }: SummaryRow, half: number): boolean {
  return ratioCiLow !== null && ratioCiHigh !== null && Math.log(ratioCiHigh / ratioCiLow) <= 2 * half;
}
