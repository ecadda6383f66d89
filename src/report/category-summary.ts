import type { Lang } from '../core/messages/message.ts';
import type { CategoryEstimate, SummaryRow } from '../core/model/analysis.ts';
import { cellKey, identityOf } from '../core/model/cell.ts';
import type { Category } from '../core/model/metric.ts';
import type { RatioEstimate } from './comparison.ts';
import { formatRatio, formatRatioEstimate } from './format.ts';
import { type HeadlineCost, headlineCosts, type Standing, standingOf } from './headline-cost.ts';
import { categoryOrder, groupBy, subjectLabel, withoutEngine } from './labels.ts';

/** The cost of a category under one runtime: an estimate over several subjects, or the ratio of the only one. */
export interface CategoryCost {
  readonly cost: RatioEstimate;
  readonly standing: Standing;
  /** Subjects behind `cost`. */
  readonly subjects: number;
  /** The only subject; null where there are several. */
  readonly only: SummaryRow | null;
  /** The estimate over several subjects. */
  readonly pooled: CategoryEstimate | null;
}

/**
 * The costs of one runtime in one category, one for every layer and engine. The ratio of a single subject is its row's,
 * so that no second number for it exists. Empty where several subjects have no estimate. `costs` and `estimates` are of
 * this runtime and category.
 */
export function categoryCosts(
  costs: readonly HeadlineCost[],
  estimates: readonly CategoryEstimate[],
): readonly CategoryCost[] {
  const [first, ...others] = costs;
  if (estimates.length === 0) return first === undefined || others.length > 0 ? [] : [ofSubject(first)];
  return estimates.map((estimate) => {
    const { subjects, cost: ratio, low, high } = estimate;
    const only = subjects === 1 ? costs.find((item) => isMember(item, estimate)) : undefined;
    if (only !== undefined) return ofSubject(only);
    const standing = standingOf({ verdict: estimate.verdict, better: 'lower' }) ?? 'inconclusive';
    return { cost: { ratio, low, high }, standing, subjects, only: null, pooled: estimate };
  });
}

/** Where the cost was measured. */
function placeOf({ only, pooled }: CategoryCost): Pick<CategoryEstimate, 'layer' | 'engine'> {
  const { layer, engine } = only ?? pooled ?? { layer: 'docker' };
  return { layer, ...(engine === undefined ? {} : { engine }) };
}

/** The engine's name where the run has several, else the layer's. */
export function placeName(cost: CategoryCost): string {
  const { layer, engine } = placeOf(cost);
  return engine ?? layer;
}

function ofSubject({ row, cost }: HeadlineCost): CategoryCost {
  return { cost, standing: standingOf(row) ?? 'inconclusive', subjects: 1, only: row, pooled: null };
}

/** True if an item is the only subject of an estimate. */
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
  /** Subjects of the category, measured or not; one that is measured in several engines counts once. */
  readonly subjects: number;
  /** The comparisons that have a ratio, highest cost first. */
  readonly costs: readonly HeadlineCost[];
  /** What they come to, with an interval: one per layer and engine; empty where no estimate exists. */
  readonly estimates: readonly CategoryCost[];
  /** Geometric mean of those ratios, each subject weighted equally; null without any. It has no interval. */
  readonly mean: number | null;
  readonly counts: Readonly<Record<Standing, number>>;
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
        mean: geometricMean(costs.map(({ cost }) => cost.ratio)),
        counts: countStandings(group),
      };
    });
  });
}

/**
 * The estimate of a summary: of several the one through the run's first engine, which is what users get. Null where there
 * is none.
 */
export function mainEstimate({ estimates }: Pick<CategorySummary, 'estimates'>): CategoryCost | null {
  const [first = null, ...others] = estimates;
  return others.length === 0 ? first : (estimates.find((one) => placeOf(one).layer === 'docker') ?? null);
}

/** The name of the place that the main estimate is of: `docker-26`, `docker`; null where the run has one only. */
export function mainPlace(summary: Pick<CategorySummary, 'estimates'>): string | null {
  const main = mainEstimate(summary);
  return main === null || summary.estimates.length === 1 ? null : placeName(main);
}

/** True where no interval shows what a category costs, or where that is inconclusive. */
export function isUnsure(summary: CategorySummary): boolean {
  const estimate = mainEstimate(summary);
  return estimate === null || estimate.standing === 'inconclusive';
}

/** `0.79× [0.71, 0.88]`, with its place where there are several; or the mean alone, which has no interval. */
export function categoryRatio(summary: CategorySummary, lang: Lang): string {
  const { ratio, low, high } = mainEstimate(summary)?.cost ?? { ratio: summary.mean, low: null, high: null };
  return ratio === null ? '' : atPlace(formatRatioEstimate({ ratio, low, high }, lang), mainPlace(summary));
}

/** `0.81×`, or `0.81×, docker-26`. */
export function atPlace(shown: string, place: string | null): string {
  return place === null ? shown : `${shown}, ${place}`;
}

/** The same with a question mark where it is inconclusive or has no interval. */
export function markedCategoryRatio(summary: CategorySummary, lang: Lang): string {
  const shown = categoryRatio(summary, lang);
  return shown !== '' && isUnsure(summary) ? `${shown} ?` : shown;
}

/** The ratio of one subject, with a question mark where it is inconclusive. */
export function extremeRatio({ row, cost }: HeadlineCost, lang: Lang): string {
  return `${formatRatio(cost.ratio, lang)}${row.verdict === 'inconclusive' ? '?' : ''}`;
}

/** Number of subjects with headlines in a run. */
export function subjectCount(rows: readonly SummaryRow[]): number {
  return new Set(rows.filter(({ headline }) => headline).map(subjectLabel)).size;
}

/** Geometric mean of positive values; null for an empty list. */
export function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function countStandings(rows: readonly SummaryRow[]): Record<Standing, number> {
  const counts = { worse: 0, better: 0, differs: 0, equivalent: 0, inconclusive: 0, unavailable: 0 };
  for (const row of rows) {
    const standing = standingOf(row);
    if (standing !== null) counts[standing]++;
  }
  return counts;
}
