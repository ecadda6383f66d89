import type { Lang } from '../../core/messages/message.ts';
import type { CategoryEstimate, SummaryRow } from '../../core/model/analysis/analysis.ts';
import { fewestForMiddle } from '../../core/model/analysis/middle.ts';
import { cellKey, identityOf } from '../../core/model/trial/cell.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import { formatRatio, formatRatioEstimate } from '../document/format.ts';
import { categoryOrder, groupBy, subjectLabel, withoutEngine } from '../document/labels.ts';
import { type CostStanding, type HeadlineCost, headlineCosts, standingOf } from './headline-cost.ts';
import type { RatioEstimate } from './row-guards.ts';

/** The cost of a category under one runtime: an estimate over several subjects, or the ratio of the only one. */
export interface CategoryCost {
  readonly cost: RatioEstimate;
  readonly standing: CostStanding;
  /** Subjects behind `cost`. */
  readonly subjects: number;
  /** The only subject; null if there are several. */
  readonly only: SummaryRow | null;
  /** The estimate over several subjects. */
  readonly middle: CategoryEstimate | null;
}

/**
 * The costs of one runtime in one category, one for every layer and engine. A single subject keeps the ratio of its row, so
 * that there is no second number for it. Empty if several subjects have no estimate: two have none. `costs` and `estimates` are those of this
 * runtime and category.
 */
export function categoryCosts(
  costs: readonly HeadlineCost[],
  estimates: readonly CategoryEstimate[],
): readonly CategoryCost[] {
  const [first, ...others] = costs;
  if (estimates.length === 0) return first === undefined || others.length > 0 ? [] : [costOfSubject(first)];
  return estimates.map((estimate) => {
    const { subjects, cost: ratio, low, high } = estimate;
    const only = subjects === 1 ? costs.find((item) => isMember(item, estimate)) : undefined;
    if (only !== undefined) return costOfSubject(only);
    const standing = standingOf({ verdict: estimate.verdict, better: 'lower' }) ?? 'inconclusive';
    return { cost: { ratio, low, high }, standing, subjects, only: null, middle: estimate };
  });
}

/** The tests that stand apart from the middle of their category, as their rows have them; the farthest first. */
export function subjectsApart(
  { runtime, layer, engine, profile, apart = [] }: CategoryEstimate,
  rows: readonly SummaryRow[],
): readonly HeadlineCost[] {
  return apart.flatMap(({ workload, params, cost: ratio, low, high }) => {
    const row = rows.find(
      (each) =>
        each.headline &&
        each.runtime === runtime &&
        each.workload === workload &&
        each.params === params &&
        each.layer === layer &&
        each.engine === engine &&
        (profile === undefined || each.profile === profile),
    );
    return row === undefined ? [] : [{ row, cost: { ratio, low, high } }];
  });
}

/** The estimates of a summary, and the tests of a layer or engine that has too few for one: they stand for themselves. */
export function placedCosts({
  costs,
  estimates,
}: Pick<CategorySummary, 'costs' | 'estimates'>): readonly CategoryCost[] {
  const estimated = new Set(estimates.map(placeName));
  const others = costs.map(costOfSubject).filter((cost) => !estimated.has(placeName(cost)));
  const few = [...Map.groupBy(others, placeName).values()].filter(({ length }) => length < fewestForMiddle);
  return [...estimates, ...few.flat()];
}

/** Layer and engine of a cost. */
export function placeOf({ only, middle }: CategoryCost): Pick<CategoryEstimate, 'layer' | 'engine'> {
  const { layer, engine } = only ?? middle ?? { layer: 'docker' };
  return { layer, ...(engine === undefined ? {} : { engine }) };
}

/** The engine's name if the run has several, else the layer's. */
export function placeName(cost: CategoryCost): string {
  const { layer, engine } = placeOf(cost);
  return engine ?? layer;
}

/** The cost of a test that stands for itself. */
export function costOfSubject({ row, cost }: HeadlineCost): CategoryCost {
  return { cost, standing: standingOf(row) ?? 'inconclusive', subjects: 1, only: row, middle: null };
}

/** True if the item is the subject `smallest` of the estimate: its only one, if it has one. */
function isMember({ row }: HeadlineCost, { smallest, runtime, layer, engine }: CategoryEstimate): boolean {
  const { workload, params } = smallest;
  const { profile } = row;
  const member = {
    runtime,
    profile,
    layer,
    workload,
    params,
    ...(engine === undefined ? {} : { engine }),
  };
  return cellKey(identityOf(row)) === cellKey(member);
}

/** Reports with more subjects than this summarise by category before they list subjects one by one. */
export const manySubjects = 12;

/** The headlines of one runtime in one category, compared with the baseline's. */
export interface CategorySummary {
  readonly category: Category;
  readonly runtime: string;
  /** Number of subjects of the category, measured or not; a subject measured in several engines counts once. */
  readonly subjects: number;
  /** The comparisons that have a ratio, highest cost first. */
  readonly costs: readonly HeadlineCost[];
  /** Estimates over these costs, one per layer and engine; empty if none exists. */
  readonly estimates: readonly CategoryCost[];
  readonly counts: Readonly<Record<CostStanding, number>>;
}

/** A summary per category and runtime (except the baseline) that has headline rows, in the order of `rows`. */
export function categorySummaries(
  rows: readonly SummaryRow[],
  baseline: string,
  estimates: readonly CategoryEstimate[] = [],
): readonly CategorySummary[] {
  return categoryOrder.flatMap((category) => {
    const own = rows.filter((row) => row.headline && row.category === category);
    const subjects = new Set(own.map((row) => subjectLabel(withoutEngine(row)))).size;
    const runtimes = groupBy(
      own.filter(({ runtime }) => runtime !== baseline),
      (row) => row.runtime,
    );
    return runtimes.map((group) => {
      const costs = headlineCosts(group, baseline).toSorted((a, b) => b.cost.ratio - a.cost.ratio);
      const runtime = group[0]?.runtime ?? '';
      return {
        category,
        runtime,
        subjects,
        costs,
        estimates: categoryCosts(
          costs,
          estimates.filter((one) => one.category === category && one.runtime === runtime),
        ),
        counts: countStandings(group),
      };
    });
  });
}

/**
 * The main estimate of a summary: if there are several, that through the run's first engine, which is what users get. Null if
 * there is none.
 */
export function mainEstimate({ estimates }: Pick<CategorySummary, 'estimates'>): CategoryCost | null {
  const [first = null, ...others] = estimates;
  return others.length === 0 ? first : (estimates.find((one) => placeOf(one).layer === 'docker') ?? null);
}

/** Name of the main estimate's place: `docker-26`, `docker`; null if the run has only one. */
export function mainPlace(summary: Pick<CategorySummary, 'estimates'>): string | null {
  const main = mainEstimate(summary);
  return main === null || summary.estimates.length === 1 ? null : placeName(main);
}

/** True if the cost of a category has no interval, or is inconclusive. */
export function isUnsure(summary: CategorySummary): boolean {
  const estimate = mainEstimate(summary);
  return estimate === null || estimate.standing === 'inconclusive';
}

/** `0.79× [0.71, 0.88]`, with its place if there are several. Of two tests, which have no estimate, both ratios; of more, nothing. */
export function categoryRatio(summary: CategorySummary, lang: Lang): string {
  const main = mainEstimate(summary);
  if (main === null)
    return summary.costs.length > 2 ? '' : summary.costs.map((cost) => extremeRatio(cost, lang)).join(', ');
  return atPlace(formatRatioEstimate(main.cost, lang), mainPlace(summary));
}

/** `0.81×`, or `0.81×, docker-26`. */
export function atPlace(shown: string, place: string | null): string {
  return place === null ? shown : `${shown}, ${place}`;
}

/** The category's ratio, with a question mark if it is inconclusive. */
export function markedCategoryRatio(summary: CategorySummary, lang: Lang): string {
  const shown = categoryRatio(summary, lang);
  return mainEstimate(summary) !== null && isUnsure(summary) ? `${shown} ?` : shown;
}

/** The ratio of one subject, with a question mark if it is inconclusive. */
export function extremeRatio({ row, cost }: HeadlineCost, lang: Lang): string {
  return `${formatRatio(cost.ratio, lang)}${row.verdict === 'inconclusive' ? '?' : ''}`;
}

/** Number of subjects with headlines in a run. */
export function subjectCount(rows: readonly SummaryRow[]): number {
  return new Set(rows.filter(({ headline }) => headline).map(subjectLabel)).size;
}

function countStandings(rows: readonly SummaryRow[]): Record<CostStanding, number> {
  const counts = { worse: 0, better: 0, differs: 0, equivalent: 0, inconclusive: 0, unavailable: 0 };
  for (const row of rows) {
    const standing = standingOf(row);
    if (standing !== null) counts[standing]++;
  }
  return counts;
}
