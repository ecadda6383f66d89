import type { CategoryEstimate, SummaryRow } from '../model/analysis.ts';
import { costRatio } from '../model/cost-ratio.ts';
import { type Category, categorySchema } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { VerdictWords } from '../model/verdict-words.ts';
import { trialTimes } from './block-time.ts';
import { type CategoryMember, categoryMembers } from './categories-members.ts';
import { categoryNeeds } from './category-needs.ts';
import { categoryTests, widened } from './category-tests.ts';
import { adjustOverLooks, type LookTest } from './look-tests.ts';
import { looksOf, overLooks } from './looks.ts';
import { type PooledMean, pooledMean } from './stats/pooled-mean.ts';
import { studentQuantile } from './stats/student-t.ts';
import type { Subject } from './subjects.ts';
import { decideVerdict, type Judged } from './verdict.ts';

/** Input of {@link categoryEstimates}. */
export interface CategoryInput {
  /** All rows of the run, or its headlines. */
  readonly rows: readonly SummaryRow[];
  readonly subjects: readonly Subject[];
  readonly run: RunRecord;
  /** The raw trials: only for their times. */
  readonly trials?: readonly TrialRecord[];
  /** Factor of all standard errors, from the A/A check; 1 where the baseline does not differ from itself. */
  readonly widening?: number;
}

/** An estimate before the claims of the run are settled. */
interface Draft {
  readonly record: Omit<CategoryEstimate, 'pAdjusted' | 'verdict'>;
  readonly logs: Judged;
  readonly tests: readonly LookTest[];
  readonly members: readonly CategoryMember[];
  readonly pooled: PooledMean;
}

const duration: VerdictWords = { below: 'faster', above: 'slower' };
const amount: VerdictWords = { below: 'less', above: 'more' };

/**
 * What each runtime costs in each category (and layer, and engine, and under each further profile beside the first): the mean of its subjects' log cost ratios by
 * {@link pooledMean}, t intervals, and p values corrected by Holm's method over the whole run. The runtimes are in the order of
 * the rows, the categories in their own. An inconclusive one says what it needs.
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

/** What estimates are kept apart by, beside runtime and category. */
function placeOf({ layer, engine = '', profile, baselineProfile }: SummaryRow): string {
  return [layer, engine, ...(baselineProfile === undefined ? [] : [profile])].join('|');
}

function draftOf(members: readonly CategoryMember[], run: RunRecord, widening: number): Draft[] {
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

/** The interval of two one-sided tests at `alpha`. */
function bounds90(pooled: PooledMean, alpha: number) {
  const { low, high } = bounds(pooled, 2 * alpha);
  return { low90: low, high90: high };
}

/** Null for what is too large to be written. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The cheapest and the costliest subject, as their rows have them. */
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
