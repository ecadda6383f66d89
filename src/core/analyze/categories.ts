import type { CategoryEstimate, PrecisionNeeds, SummaryRow } from '../model/analysis.ts';
import { cellKey } from '../model/cell.ts';
import { costRatio, type VerdictWords } from '../model/cost-ratio.ts';
import { type Category, categorySchema } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import { untilCategory } from '../model/subject-name.ts';
import type { TrialRecord } from '../model/trial.ts';
import { blockTime, type TrialTimes, trialTimes, valuesFinder } from './block-ratios.ts';
import {
  adjustOverLooks,
  type InterimLook,
  isTested,
  type LookTest,
  lookFamily,
  looksOf,
  overLooks,
  ownBlocks,
} from './looks.ts';
import { studentQuantile } from './stats/distributions.ts';
import { blocksForWidth } from './stats/order-statistic.ts';
import { minimumPairs } from './stats/paired-centre.ts';
import { type BlockSeries, type PooledMean, pooledMean, pooledP } from './stats/pooled-mean.ts';
import type { Subject } from './subjects.ts';
import { decideVerdict, type VerdictEstimate } from './verdict.ts';

/** One subject of a category under one runtime. */
interface CategoryMember {
  readonly row: SummaryRow;
  /** block → log of the cost as a factor of the baseline; rates are inverted. */
  readonly logCosts: BlockSeries;
}

/**
 * The rows that count towards the cost of a runtime: headlines of runtimes whose ratio has a direction and is tested
 * (enough pairs, few failures). Isolation is not a cost.
 */
function categoryMembers(
  rows: readonly SummaryRow[],
  subjects: readonly Subject[],
  run: RunRecord,
): readonly CategoryMember[] {
  const valuesOf = valuesFinder(subjects, run);
  return rows.flatMap((row) => {
    const { headline, category, better, ratio, p } = row;
    if (
      !headline ||
      row.layer === 'floor' ||
      category === 'isolation' ||
      better === null ||
      better === 'neither'
    )
      return [];
    if (ratio === null || !Number.isFinite(ratio) || p === null) return [];
    const values = valuesOf(row);
    if (values === null) return [];
    const sign = better === 'higher' ? -1 : 1;
    return [{ row, logCosts: new Map([...values.logRatios].map(([block, log]) => [block, sign * log])) }];
  });
}

/** Input of {@link categoryNeeds}. */
interface CategoryNeedsInput {
  /** Standard error after the widening of the run. */
  readonly pooled: PooledMean;
  readonly members: readonly CategoryMember[];
  readonly times: TrialTimes;
  readonly thresholds: RunRecord['config']['thresholds'];
}

/**
 * What an inconclusive category needs: further blocks of all its subjects, until its interval is as narrow as the
 * practical threshold. Its error falls with the square root of the number of blocks; it does not include the spread
 * between subjects. Undefined where the interval is that narrow already.
 */
function categoryNeeds({
  pooled,
  members,
  times,
  thresholds,
}: CategoryNeedsInput): PrecisionNeeds | undefined {
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

/** The categories of all runtimes are one family, by Holm's method. */
const family = { name: 'categories', headline: false };

/**
 * Tests of "the category costs what the baseline costs", one for each look at the run. The run itself tests with the
 * subjects that have enough pairs. An extension tests with its own blocks, and only a category of which it holds every
 * subject: a part of the subjects would be another question.
 */
function categoryTests(
  members: readonly CategoryMember[],
  looks: readonly InterimLook[],
  widening: number,
): readonly LookTest[] {
  return looks.flatMap((look) => {
    if (!members.every(({ row }) => isTested(look, cellKey(row)))) return [];
    const series = members
      .map(({ logCosts }) => ownBlocks(look, logCosts))
      .filter(({ size }) => size >= minimumPairs);
    if (series.length === 0 || (look.number > 0 && series.length < members.length)) return [];
    const p = pooledP(widened(pooledMean(series), widening));
    return [{ look, family: lookFamily(look, family), p }];
  });
}

/** The mean with its standard error multiplied by `factor`. */
function widened(pooled: PooledMean, factor: number): PooledMean {
  return { ...pooled, standardError: factor * pooled.standardError };
}

/** Input of {@link categoryEstimates}. */
export interface CategoryInput {
  /** All rows of the run, or its headlines. */
  readonly rows: readonly SummaryRow[];
  readonly subjects: readonly Subject[];
  readonly run: RunRecord;
  /** The raw trials: only for their times. */
  readonly trials?: readonly TrialRecord[];
  /** Factor of all standard errors, from the A/A check; 1 where the baseline agrees with itself. */
  readonly widening?: number;
}

/** An estimate before the claims of the run are settled. */
interface CategoryDraft {
  readonly record: Omit<CategoryEstimate, 'pAdjusted' | 'verdict'>;
  readonly logs: VerdictEstimate;
  readonly tests: readonly LookTest[];
  readonly members: readonly CategoryMember[];
  readonly pooled: PooledMean;
}

const duration: VerdictWords = { below: 'faster', above: 'slower' };
const amount: VerdictWords = { below: 'less', above: 'more' };

/**
 * Cost of each runtime in each category (per layer, engine and further profile): the mean of its subjects' log cost
 * ratios by {@link pooledMean}, with t intervals, and p values corrected by Holm's method over the whole run. Runtimes
 * are in the order of the rows, categories in their fixed order. An inconclusive estimate says what it needs.
 */
export function categoryEstimates(input: CategoryInput): CategoryEstimate[] {
  const { rows, subjects, run, trials = [], widening = 1 } = input;
  const members = categoryMembers(rows, subjects, run);
  const order = categorySchema.options;
  const place = (category: Category) => order.indexOf(category);
  const drafts = [...Map.groupBy(members, ({ row }) => row.runtime).values()].flatMap((own) =>
    [...Map.groupBy(own, ({ row }) => placeOf(row)).values()].flatMap((layer) =>
      [...Map.groupBy(layer, ({ row }) => row.category).entries()]
        .toSorted(([a], [b]) => place(a) - place(b))
        .flatMap(([, group]) => draftOf(group, run, widening)),
    ),
  );
  const { thresholds } = run.config;
  const adjusted = adjustOverLooks(
    drafts.map(({ tests }) => tests),
    looksOf(run),
    thresholds.alpha,
  );
  const times = trialTimes(trials);
  return drafts.map(({ record, logs, members: own, pooled }, index) => {
    const pAdjusted = adjusted[index]?.p ?? null;
    const words = record.category === 'memory' ? amount : duration;
    const verdict = decideVerdict(logs, pAdjusted, thresholds, words);
    const needs =
      verdict === 'inconclusive' ? categoryNeeds({ pooled, members: own, times, thresholds }) : undefined;
    return { ...record, pAdjusted, verdict, ...(needs === undefined ? {} : { needs }) };
  });
}

/** Key that separates estimates of one runtime and category. */
function placeOf({ layer, engine = '', profile, baselineProfile }: SummaryRow): string {
  return [layer, engine, ...(baselineProfile === undefined ? [] : [profile])].join('|');
}

function draftOf(members: readonly CategoryMember[], run: RunRecord, widening: number): CategoryDraft[] {
  const [first] = members;
  if (first === undefined) return [];
  const { runtime, category, layer, engine, profile, baselineProfile } = first.row;
  const { alpha } = run.config.thresholds;
  const pooled = widened(pooledMean(members.map(({ logCosts }) => logCosts)), widening);
  const { estimate, blocks, between } = pooled;
  const logs = { estimate, ...bounds(pooled, alpha), ...bounds90(pooled, alpha) };
  const tests = categoryTests(members, looksOf(run), widening);
  const [cost, tau] = [finite(Math.exp(estimate)), finite(Math.exp(Math.sqrt(between)))];
  if (cost === null || tau === null) return [];
  const record = {
    runtime,
    category,
    layer,
    ...(engine === undefined ? {} : { engine }),
    ...(baselineProfile === undefined ? {} : { profile }),
    subjects: members.length,
    blocks,
    cost,
    low: finite(Math.exp(logs.low)),
    high: finite(Math.exp(logs.high)),
    low90: finite(Math.exp(logs.low90)),
    high90: finite(Math.exp(logs.high90)),
    p: overLooks(tests, alpha),
    tau,
    ...extremes(members),
  };
  return [{ record, logs, tests, members, pooled }];
}

/** The t interval that misses with probability `miss`. */
function bounds({ estimate, standardError, df }: PooledMean, miss: number) {
  const half = -studentQuantile(miss / 2, df) * standardError;
  return { low: estimate - half, high: estimate + half };
}

/** The interval of two one-sided tests at level `alpha`. */
function bounds90(pooled: PooledMean, alpha: number) {
  const { low, high } = bounds(pooled, 2 * alpha);
  return { low90: low, high90: high };
}

/** The value; null where it overflows a double. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The cheapest and the costliest subject, as in their rows. */
function extremes(members: readonly CategoryMember[]): Pick<CategoryEstimate, 'smallest' | 'largest'> {
  const sorted = members
    .flatMap(({ row }) => {
      const cost = costRatio(row);
      if (cost === null) return [];
      const { ratio, low, high } = cost;
      const bounds = { low: low === null ? null : finite(low), high: high === null ? null : finite(high) };
      return [{ workload: row.workload, params: row.params, cost: ratio, ...bounds }];
    })
    .toSorted((a, b) => a.cost - b.cost);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (smallest === undefined || largest === undefined)
    throw new RangeError('a category without ratios has no extremes');
  return { smallest, largest };
}
