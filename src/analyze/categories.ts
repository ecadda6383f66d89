import type { CategoryEstimate, SummaryRow } from '../model/analysis.ts';
import { costRatio } from '../model/cost-ratio.ts';
import { type Category, categorySchema } from '../model/metric.ts';
import type { Extension, RunRecord } from '../model/run.ts';
import type { VerdictWords } from '../model/verdict-words.ts';
import { type CategoryMember, categoryMembers } from './categories-members.ts';
import { holm } from './stats/holm.ts';
import { minimumPairs } from './stats/paired-centre.ts';
import { type PooledMean, pooledMean, pooledP, type Series } from './stats/pooled-mean.ts';
import { studentQuantile } from './stats/student-t.ts';
import type { Subject } from './subjects.ts';
import { decideVerdict, type Judged } from './verdict.ts';

/** Input of {@link categoryEstimates}. */
export interface CategoryInput {
  /** All rows of the run, or its headlines. */
  readonly rows: readonly SummaryRow[];
  readonly subjects: readonly Subject[];
  readonly run: RunRecord;
  /** Factor of all standard errors, from the A/A check; 1 where the baseline does not differ from itself. */
  readonly widening?: number;
}

/** An estimate before the claims of the run are settled. */
interface Draft {
  readonly record: Omit<CategoryEstimate, 'pAdjusted' | 'verdict'>;
  readonly logs: Judged;
}

const duration: VerdictWords = { below: 'faster', above: 'slower' };
const amount: VerdictWords = { below: 'less', above: 'more' };

/**
 * What each runtime costs in each category (and layer, and engine): the mean of its subjects' log cost ratios by
 * {@link pooledMean}, t intervals, and p values corrected by Holm's method over the whole run. The runtimes are in the order of
 * the rows, the categories in their own.
 *
 * Of a run that was extended, p is of the blocks before: somebody looked at those and chose what to go on with.
 */
export function categoryEstimates({ rows, subjects, run, widening = 1 }: CategoryInput): CategoryEstimate[] {
  const members = categoryMembers(rows, subjects, run);
  const order = categorySchema.options;
  const place = (category: Category) => order.indexOf(category);
  const drafts = [...Map.groupBy(members, ({ row }) => row.runtime).values()].flatMap((own) =>
    [...Map.groupBy(own, ({ row }) => [row.layer, row.engine ?? ''].join('|')).values()].flatMap((layer) =>
      [...Map.groupBy(layer, ({ row }) => row.category).entries()]
        .toSorted(([a], [b]) => place(a) - place(b))
        .flatMap(([, group]) => draftOf(group, run, widening)),
    ),
  );
  const adjusted = holm(drafts.flatMap(({ record }) => record.p ?? []));
  let next = 0;
  return drafts.map(({ record, logs }) => {
    const pAdjusted = record.p === null ? null : (adjusted[next++] ?? null);
    const words = record.category === 'memory' ? amount : duration;
    return { ...record, pAdjusted, verdict: decideVerdict(logs, pAdjusted, run.config.thresholds, words) };
  });
}

function draftOf(members: readonly CategoryMember[], run: RunRecord, widening: number): Draft[] {
  const [first] = members;
  if (first === undefined) return [];
  const { runtime, category, layer, engine } = first.row;
  const { alpha } = run.config.thresholds;
  const pooled = widened(pooledMean(members.map(({ logCosts }) => logCosts)), widening);
  const { estimate, blocks, between } = pooled;
  const logs = { estimate, ...bounds(pooled, alpha), ...bounds90(pooled, alpha) };
  const [cost, tau] = [finite(Math.exp(estimate)), finite(Math.exp(Math.sqrt(between)))];
  if (cost === null || tau === null) return [];
  const record = {
    runtime,
    category,
    layer,
    ...(engine === undefined ? {} : { engine }),
    subjects: members.length,
    blocks,
    cost,
    low: finite(Math.exp(logs.low)),
    high: finite(Math.exp(logs.high)),
    low90: finite(Math.exp(logs.low90)),
    high90: finite(Math.exp(logs.high90)),
    p: run.extensions === undefined ? pooledP(pooled) : testBefore(run.extensions, members, widening),
    tau,
    ...extremes(members),
  };
  return [{ record, logs }];
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

function widened(pooled: PooledMean, factor: number): PooledMean {
  return { ...pooled, standardError: factor * pooled.standardError };
}

/** p of "the category costs what the baseline costs"; null where too few blocks came before the first extension. */
function testBefore(
  [first]: readonly Extension[],
  members: readonly CategoryMember[],
  widening: number,
): number | null {
  const end = first?.fromBlock ?? Number.POSITIVE_INFINITY;
  const series = members
    .map(({ logCosts }): Series => new Map([...logCosts].filter(([block]) => block < end)))
    .filter(({ size }) => size >= minimumPairs);
  return series.length === 0 ? null : pooledP(widened(pooledMean(series), widening));
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
