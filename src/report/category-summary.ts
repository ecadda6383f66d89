import type { Lang } from '../messages/message.ts';
import type { SummaryRow, Verdict } from '../model/analysis.ts';
import type { Category } from '../model/metric.ts';
import { costRatio, type RatioEstimate } from './comparison.ts';
import { formatRatio } from './format.ts';
import { categoryOrder, groupBy, subjectLabel } from './labels.ts';

/** More subjects than this are summed up by category before they are listed one by one. */
export const manySubjects = 12;

/** A headline with its ratio turned so that above 1 always means costlier. */
export interface HeadlineCost {
  readonly row: SummaryRow;
  readonly cost: RatioEstimate;
}

/**
 * The headlines that can be called dearer or cheaper than the baseline, its own rows left out. How well a runtime
 * isolates is no cost, and a metric of which neither more nor less is better has no direction: both are left out.
 */
export function headlineCosts(rows: readonly SummaryRow[], baseline: string): readonly HeadlineCost[] {
  return rows.flatMap((row) => {
    if (!row.headline || row.runtime === baseline) return [];
    if (row.better === 'neither' || row.category === 'isolation') return [];
    const cost = costRatio(row);
    return cost === null ? [] : [{ row, cost }];
  });
}

/** What a verdict means for whoever chooses a runtime, whatever the metric's direction is. */
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

/** `less` and `more` are better or worse by the metric's direction, and only different where it has none. */
export function standingOf({ verdict, better }: Pick<SummaryRow, 'verdict' | 'better'>): Standing | null {
  if (verdict === 'less') return better === 'lower' ? 'better' : better === 'higher' ? 'worse' : 'differs';
  if (verdict === 'more') return better === 'lower' ? 'worse' : better === 'higher' ? 'better' : 'differs';
  return fixed[verdict] ?? null;
}

/** One runtime in one category: how its headlines compare with the baseline's. */
export interface CategorySummary {
  readonly category: Category;
  readonly runtime: string;
  /** Subjects of the category, measured or not. */
  readonly subjects: number;
  /** The comparisons that have a ratio, the costliest first. */
  readonly costs: readonly HeadlineCost[];
  /** Geometric mean of those ratios, each subject counting once; null without any. */
  readonly mean: number | null;
  readonly counts: Readonly<Record<Standing, number>>;
}

/** A summary per category and runtime (all but the baseline) that has headline rows, in the order of `rows`. */
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

/** Is nothing known of any of its ratios, so that their mean says nothing either? */
export function allInconclusive({ costs }: CategorySummary): boolean {
  return costs.every(({ row }) => row.verdict === 'inconclusive');
}

/** The geometric mean, with a question mark where no ratio behind it is conclusive. */
export function meanRatio(summary: CategorySummary, lang: Lang): string {
  const { mean } = summary;
  return mean === null ? '' : `${formatRatio(mean, lang)}${allInconclusive(summary) ? '?' : ''}`;
}

/** The ratio of one subject, marked likewise. */
export function extremeRatio({ row, cost }: HeadlineCost, lang: Lang): string {
  return `${formatRatio(cost.ratio, lang)}${row.verdict === 'inconclusive' ? '?' : ''}`;
}

/** How many subjects the headlines of a run are about. */
export function subjectCount(rows: readonly SummaryRow[]): number {
  return new Set(rows.filter(({ headline }) => headline).map(subjectLabel)).size;
}

/** Of positive values; null of none. */
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
