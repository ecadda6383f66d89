import type { Lang } from '../messages/message.ts';
import type { SummaryRow, Verdict } from '../model/analysis.ts';
import type { Category } from '../model/metric.ts';
import { costRatio, type RatioEstimate } from './comparison.ts';
import { formatRatio } from './format.ts';
import { categoryOrder, groupBy, subjectLabel } from './labels.ts';

/** Reports with more subjects than this summarise by category before they list subjects one by one. */
export const manySubjects = 12;

/** A headline with its cost ratio: above 1 always costs more. */
export interface HeadlineCost {
  readonly row: SummaryRow;
  readonly cost: RatioEstimate;
}

/**
 * The headlines that have a cost ratio, without those of the baseline. Isolation is no cost, and a metric where neither
 * less nor more is better has no direction: both are left out.
 */
export function headlineCosts(rows: readonly SummaryRow[], baseline: string): readonly HeadlineCost[] {
  return rows.flatMap((row) => {
    if (!row.headline || row.runtime === baseline) return [];
    if (row.better === 'neither' || row.category === 'isolation') return [];
    const cost = costRatio(row);
    return cost === null ? [] : [{ row, cost }];
  });
}

/** What a verdict means for a choice of runtime, independent of the metric's direction. */
export type Standing = 'worse' | 'better' | 'differs' | 'equivalent' | 'inconclusive' | 'unavailable';
export const standings: readonly Standing[] = [
  'worse',
  'better',
  'differs',
  'equivalent',
  'inconclusive',
  'unavailable',
];

const fixed: Readonly<Partial<Record<Verdict, Standing>>> = {
  faster: 'better',
  slower: 'worse',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'unavailable',
};

/** Maps `less` and `more` to better or worse by the metric's direction, or to `differs` where it has none. */
export function standingOf({ verdict, better }: Pick<SummaryRow, 'verdict' | 'better'>): Standing | null {
  if (verdict === 'less') return better === 'lower' ? 'better' : better === 'higher' ? 'worse' : 'differs';
  if (verdict === 'more') return better === 'lower' ? 'worse' : better === 'higher' ? 'better' : 'differs';
  return fixed[verdict] ?? null;
}

/** The headlines of one runtime in one category, compared with the baseline's. */
export interface CategorySummary {
  readonly category: Category;
  readonly runtime: string;
  /** Subjects of the category, measured or not. */
  readonly subjects: number;
  /** The comparisons that have a ratio, highest cost first. */
  readonly costs: readonly HeadlineCost[];
  /** Geometric mean of those ratios, each subject weighted equally; null without any. */
  readonly mean: number | null;
  readonly counts: Readonly<Record<Standing, number>>;
}

/** A summary per category and runtime (except the baseline) that has headline rows, in the order of `rows`. */
export function categorySummaries(rows: readonly SummaryRow[], baseline: string): readonly CategorySummary[] {
  return categoryOrder.flatMap((category) => {
    const own = rows.filter((row) => row.headline && row.category === category);
    const subjects = new Set(own.map(subjectLabel)).size;
    const runtimes = groupBy(
      own.filter(({ runtime }) => runtime !== baseline),
      (row) => row.runtime,
    );
    return runtimes.map((group) => {
      const costs = headlineCosts(group, baseline).toSorted((a, b) => b.cost.ratio - a.cost.ratio);
      return {
        category,
        runtime: group[0]?.runtime ?? '',
        subjects,
        costs,
        mean: geometricMean(costs.map(({ cost }) => cost.ratio)),
        counts: countStandings(group),
      };
    });
  });
}

/** Is every ratio inconclusive, and therefore their mean too? */
export function allInconclusive({ costs }: CategorySummary): boolean {
  return costs.every(({ row }) => row.verdict === 'inconclusive');
}

/** The geometric mean, with a question mark where no ratio in it is conclusive. */
export function meanRatio(summary: CategorySummary, lang: Lang): string {
  const { mean } = summary;
  return mean === null ? '' : `${formatRatio(mean, lang)}${allInconclusive(summary) ? '?' : ''}`;
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
