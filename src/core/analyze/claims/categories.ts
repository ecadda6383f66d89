import { mean, median } from 'simple-statistics';
import type { CategoryEstimate, SummaryRow } from '../../model/analysis/analysis.ts';
import { costRatio } from '../../model/analysis/cost-ratio.ts';
import { carrierOf, fewestForMiddle } from '../../model/analysis/middle.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { cellKey } from '../../model/trial/cell.ts';
import { type Category, categorySchema, isQuantityOf } from '../../model/workload/metric.ts';
import { valuesFinder } from '../rows/block-ratios.ts';
import type { Subject } from '../rows/subjects.ts';
import { studentQuantile } from '../stats/distributions.ts';
import {
  type BlockSeries,
  type MiddleMean,
  middleMean,
  middleP,
  withoutOutliers,
} from '../stats/middle-mean.ts';
import { type Centre, minimumPairs } from '../stats/paired-centre.ts';
import { type AdjustedP, type ComparisonFamily, questionOf, simes } from './families.ts';
import {
  type InterimLook,
  isTested,
  type LookTest,
  lookFamily,
  looksOf,
  overLooks,
  ownBlocks,
} from './looks.ts';
import { categoryWords, decideVerdict, type VerdictEstimate } from './verdict.ts';

/** A row of a run before its claims are settled: figures and tests, widened as the A/A check asks. */
export interface TestedRow {
  readonly row: Omit<SummaryRow, 'pAdjusted' | 'verdict' | 'note' | 'messages'>;
  /** null without a ratio. */
  readonly logs: Centre | null;
  readonly tests: readonly LookTest[];
  /** null where nothing is compared. */
  readonly family: ComparisonFamily | null;
}

/** One subject of a category under one runtime. */
interface CategoryMember extends TestedRow {
  /** Its place among the rows. */
  readonly index: number;
  /** block → log of the cost as a factor of the baseline; rates are inverted. */
  readonly logCosts: BlockSeries;
}

/** −1 for the row of a rate, whose cost is the inverse of its ratio. */
function signOf({ better }: Pick<SummaryRow, 'better'>): 1 | -1 {
  return better === 'higher' ? -1 : 1;
}

/**
 * The rows that count towards the cost of a runtime: headlines of runtimes whose ratio has a direction and is tested
 * (enough pairs, few failures), of the quantity that the category is about. Isolation is not a cost.
 */
function categoryMembers(
  rows: readonly TestedRow[],
  subjects: readonly Subject[],
  run: RunRecord,
): readonly CategoryMember[] {
  const valuesOf = valuesFinder(subjects, run);
  return rows.flatMap((tested, index) => {
    const { headline, category, layer, better, unit, ratio, p } = tested.row;
    const isCost = headline && layer !== 'floor' && category !== 'isolation';
    if (!isCost || unit === null || !isQuantityOf(unit, category)) return [];
    if (better === null || better === 'neither') return [];
    if (ratio === null || !Number.isFinite(ratio) || p === null) return [];
    const values = valuesOf(tested.row);
    if (values === null) return [];
    const sign = signOf(tested.row);
    const logCosts = new Map([...values.logRatios].map(([block, log]) => [block, sign * log]));
    return [{ ...tested, index, logCosts }];
  });
}

/**
 * Tests of "the category costs what the baseline costs", one for each look at the run. The run itself tests with the
 * subjects that have enough pairs. An extension tests with its own blocks, and only a category of which it holds every
 * subject: a part of the subjects would be another question. Two subjects or one have no middle: then they are Simes's test of their
 * rows.
 */
function categoryTests(
  members: readonly CategoryMember[],
  question: string,
  looks: readonly InterimLook[],
  widening: number,
): readonly LookTest[] {
  const family = { name: question, headline: false };
  return looks.flatMap((look) => {
    if (!members.every(({ row }) => isTested(look, cellKey(row)))) return [];
    const tested = (p: number) => [{ look, family: lookFamily(look, family), p }];
    if (members.length < fewestForMiddle) {
      const ps = members.flatMap(({ tests }) => tests.filter((test) => test.look.number === look.number));
      return ps.length < members.length ? [] : tested(simes(ps.map(({ p }) => p)));
    }
    const series = members
      .map(({ logCosts }) => ownBlocks(look, logCosts))
      .filter(({ size }) => size >= minimumPairs);
    if (series.length === 0 || (look.number > 0 && series.length < members.length)) return [];
    return tested(middleP(widened(middleMean(withoutOutliers(series)), widening)));
  });
}

/** The mean with its standard error multiplied by `factor`. */
function widened(middle: MiddleMean, factor: number): MiddleMean {
  return { ...middle, standardError: factor * middle.standardError };
}

/** An estimate before the claims of the run are settled. */
export interface CategoryDraft {
  readonly record: Omit<CategoryEstimate, 'pAdjusted' | 'verdict'>;
  readonly logs: VerdictEstimate;
  readonly tests: readonly LookTest[];
  readonly members: readonly CategoryMember[];
  /** null for a single subject, whose row is the category. */
  readonly middle: MiddleMean | null;
  /** Without this subject the others would not bear out the estimate; null where there is none, or they are no more than two. */
  readonly carrier: CategoryMember | null;
}

/** An estimate with its verdict, and what tells what it needs. */
export interface SettledCategory extends Pick<CategoryDraft, 'members' | 'middle'> {
  readonly estimate: CategoryEstimate;
}

/**
 * Cost of each runtime in each category (per layer, engine and further profile): the middle of its subjects' log cost
 * ratios by {@link middleMean} {@link withoutOutliers}, with t intervals; of a single subject, its row. Runtimes are in the order of
 * the rows, categories in their fixed order.
 *
 * `widening`: factor of all standard errors, from the A/A check; 1 where the baseline agrees with itself.
 */
export function categoryDrafts(
  rows: readonly TestedRow[],
  subjects: readonly Subject[],
  run: RunRecord,
  widening: number,
): readonly CategoryDraft[] {
  const members = categoryMembers(rows, subjects, run);
  const order = categorySchema.options;
  const place = (category: Category) => order.indexOf(category);
  return [...Map.groupBy(members, ({ row }) => row.runtime).values()].flatMap((own) =>
    [...Map.groupBy(own, ({ row }) => placeOf(row)).values()].flatMap((layer) =>
      [...Map.groupBy(layer, ({ row }) => row.category).entries()]
        .toSorted(([a], [b]) => place(a) - place(b))
        .flatMap(([, group]) => draftOf(group, run, widening)),
    ),
  );
}

/** Of two subjects there is none: which of them the middle is would be chance. One is the category itself. */
export function isEstimate({ members }: Pick<CategoryDraft, 'members'>): boolean {
  return members.length === 1 || members.length >= fewestForMiddle;
}

/** Decide the verdict of a category. Where one subject carries an estimate, nothing is claimed of the category. */
export function settleCategory(
  { record, logs, members, middle, carrier }: CategoryDraft,
  adjusted: AdjustedP | null,
  thresholds: RunRecord['config']['thresholds'],
): SettledCategory {
  const pAdjusted = adjusted?.p ?? null;
  const decided = decideVerdict(logs, pAdjusted, thresholds, categoryWords(record.category));
  const isCarried = carrier !== null && decided !== 'equivalent' && decided !== 'inconclusive';
  const estimate = {
    ...record,
    pAdjusted,
    ...(isCarried ? { carriedBy: { workload: carrier.row.workload, params: carrier.row.params } } : {}),
    verdict: isCarried ? 'inconclusive' : decided,
  };
  return { members, middle, estimate };
}

/** Key that separates estimates of one runtime and category. */
function placeOf({ layer, engine = '', profile, baselineProfile }: TestedRow['row']): string {
  return [layer, engine, ...(baselineProfile === undefined ? [] : [profile])].join('|');
}

function draftOf(members: readonly CategoryMember[], run: RunRecord, widening: number): CategoryDraft[] {
  const [first, ...more] = members;
  const family = first?.family ?? null;
  if (first === undefined || family === null) return [];
  const { runtime, category, layer, engine, profile, baselineProfile } = first.row;
  const { alpha } = run.config.thresholds;
  const series = withoutOutliers(members.map(({ logCosts }) => logCosts));
  const middle = more.length === 0 ? null : widened(middleMean(series), widening);
  const logs = middle === null ? costLogs(first) : middleLogs(middle, alpha);
  const tests = categoryTests(members, questionOf(family), looksOf(run), widening);
  const cost = finite(Math.exp(logs.estimate));
  const tau = finite(Math.exp(Math.sqrt(middle?.between ?? 0)));
  if (cost === null || tau === null) return [];
  const band = Math.log1p(run.config.thresholds.practical);
  const centres = series.map((values) => mean([...values.values()]));
  const carrier =
    members.length < fewestForMiddle ? undefined : members[carrierOf(centres, logs.estimate, band) ?? -1];
  const record = {
    runtime,
    category,
    layer,
    ...(engine === undefined ? {} : { engine }),
    ...(baselineProfile === undefined ? {} : { profile }),
    subjects: members.length,
    blocks: middle?.blocks ?? first.logCosts.size,
    cost,
    low: exponential(logs.low),
    high: exponential(logs.high),
    low90: exponential(logs.low90),
    high90: exponential(logs.high90),
    p: overLooks(tests, alpha),
    tau,
    ...extremes(members),
    ...(middle === null ? {} : { apart: subjectsApart(members, centres, logs.estimate) }),
  };
  return [{ record, logs, tests, members, middle, carrier: carrier ?? null }];
}

/** Robust standard deviations, and the factor, by which a subject stands apart from the middle of its category. */
const apartFrom = { deviations: 3, factor: 1.25 };

/** Subjects that stand apart from the middle of their category with an interval of their own that does not reach it; farthest first. */
function subjectsApart(
  members: readonly CategoryMember[],
  centres: readonly number[],
  middle: number,
): CategoryEstimate['apart'] {
  const away = centres.map((centre) => Math.abs(centre - middle));
  const least = Math.max(apartFrom.deviations * 1.4826 * median(away), Math.log(apartFrom.factor));
  return members
    .map((member, place) => ({ member, away: away[place] ?? 0, logs: costLogs(member) }))
    .filter(({ away: own, logs: { low, high } }) => {
      const reaches = low === null || high === null || (low <= middle && high >= middle);
      return own > least && !reaches;
    })
    .toSorted((a, b) => b.away - a.away)
    .flatMap(({ member }) => memberCost(member));
}

/** The centre of the log costs of one row. */
function costLogs({ row, logs }: CategoryMember): VerdictEstimate {
  if (logs === null) throw new RangeError('a row that counts towards a category has a ratio');
  if (signOf(row) === 1) return logs;
  const negative = (bound: number | null) => (bound === null ? null : -bound);
  return {
    estimate: -logs.estimate,
    low: negative(logs.high),
    high: negative(logs.low),
    low90: negative(logs.high90),
    high90: negative(logs.low90),
  };
}

/** The t intervals that miss with probability `alpha`, and with twice that. */
function middleLogs({ estimate, standardError, df }: MiddleMean, alpha: number): VerdictEstimate {
  const half = (miss: number) => -studentQuantile(miss / 2, df) * standardError;
  const [wide, narrow] = [half(alpha), half(2 * alpha)];
  return {
    estimate,
    low: estimate - wide,
    high: estimate + wide,
    low90: estimate - narrow,
    high90: estimate + narrow,
  };
}

function exponential(log: number | null): number | null {
  return log === null ? null : finite(Math.exp(log));
}

/** The value; null where it overflows a double. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A subject with its cost as in its row; empty without one. */
function memberCost({ row }: CategoryMember): CategoryEstimate['smallest'][] {
  const cost = costRatio(row);
  if (cost === null) return [];
  const { ratio, low, high } = cost;
  const bounds = { low: low === null ? null : finite(low), high: high === null ? null : finite(high) };
  return [{ workload: row.workload, params: row.params, cost: ratio, ...bounds }];
}

/** The cheapest and the costliest subject, as in their rows. */
function extremes(members: readonly CategoryMember[]): Pick<CategoryEstimate, 'smallest' | 'largest'> {
  const sorted = members.flatMap(memberCost).toSorted((a, b) => a.cost - b.cost);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (smallest === undefined || largest === undefined)
    throw new RangeError('a category without ratios has no extremes');
  return { smallest, largest };
}
