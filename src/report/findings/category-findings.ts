import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import { subjectLabel } from '../document/labels.ts';
import { type CategoryCost, type CategorySummary, placedCosts } from './category-summary.ts';
import { type CostStanding, type HeadlineCost, standingOf } from './headline-cost.ts';
import { costRatio, hasValue, type RatioEstimate, type ValueRow } from './row-guards.ts';

/** A runtime's value and the baseline's, for one of the main questions. */
export interface FirstAnswer {
  readonly row: ValueRow;
  readonly baseline: ValueRow;
  readonly cost: RatioEstimate;
}

export type CostConclusion = 'worse' | 'better' | 'equivalent' | 'undecided';

/** A finding of a run for one runtime in one category. */
export interface CategoryFinding {
  readonly category: Category;
  readonly conclusion: CostConclusion;
  /** Null if several subjects have no estimate. */
  readonly cost: CategoryCost | null;
  /** Without an estimate: the most extreme claim, and the number of subjects with a claim. */
  readonly claims: { readonly extreme: HeadlineCost; readonly claimed: number } | null;
  /** Subjects of the category, compared or not. */
  readonly subjects: number;
}

/** The main questions; the first subject in report order that answers one is used. */
export const firstQuestions = {
  startup: (row: SummaryRow) => row.metric === 'startup.to_output',
  memory: (row: SummaryRow) => row.workload === 'memory/idle',
} as const;

/**
 * The findings of a category. Only verdicts are claims: a ratio without one is undecided, however large. Empty if nothing was
 * compared; several if there are several layers, for two tests, which have no estimate, and for claims in both directions without
 * one.
 */
export function categoryFindings(summary: CategorySummary): readonly CategoryFinding[] {
  const { category, costs, counts, subjects } = summary;
  if (category === 'isolation' || costs.length === 0) return [];
  const finding = (conclusion: CostConclusion): CategoryFinding => ({
    category,
    conclusion,
    subjects,
    cost: null,
    claims: null,
  });
  const placed = placedCosts(summary);
  if (placed.length > 0) return placed.map((cost) => ({ ...finding(conclusionOf(cost.standing)), cost }));
  const claims = (['worse', 'better'] as const).flatMap((standing): CategoryFinding[] => {
    const own = costs.filter(({ row }) => standingOf(row) === standing);
    const extreme = standing === 'worse' ? own[0] : own.at(-1);
    return extreme === undefined
      ? []
      : [{ ...finding(standing), claims: { extreme, claimed: counts[standing] } }];
  });
  if (claims.length > 0) return claims;
  return [finding(counts.equivalent === costs.length ? 'equivalent' : 'undecided')];
}

/** Conclusion about cost from a standing. */
export function conclusionOf(standing: CostStanding): CostConclusion {
  return standing === 'worse' || standing === 'better' || standing === 'equivalent' ? standing : 'undecided';
}

/** Conclusion about cost from a verdict: only a claimed difference counts as one. */
export function rowConclusion(row: SummaryRow): CostConclusion {
  return conclusionOf(standingOf(row) ?? 'inconclusive');
}

/** The answer to a main question for one runtime; null without a ratio. `rows` are in report order. */
export function firstAnswer(
  rows: readonly SummaryRow[],
  question: keyof typeof firstQuestions,
  runtime: string,
  baseline: string,
): FirstAnswer | null {
  const own = rows
    .filter(({ headline, category }) => headline && category !== 'isolation')
    .filter(firstQuestions[question])
    .filter(hasValue);
  const first = own.find((row) => row.runtime === baseline);
  if (first === undefined) return null;
  const row = own.find((each) => each.runtime === runtime && subjectLabel(each) === subjectLabel(first));
  const cost = row === undefined ? null : costRatio(row);
  return row === undefined || cost === null ? null : { row, baseline: first, cost };
}

/**
 * CPU time of a plain start, of each runtime: of the same subject as `start`. Not a headline, so that nothing is claimed of it:
 * a claim would be one more that the correction does not count.
 */
export function cpuOfStart(rows: readonly SummaryRow[], start: ValueRow): readonly ValueRow[] {
  return ofSameSubject(rows, 'total.cpu', start);
}

/**
 * What each further idle container holds, of each runtime, where `idle` is what the first one does: without the files that a host
 * holds once for all containers of the same programs. Empty where it was not measured, or `idle` is another figure. Not a headline,
 * so that nothing is claimed of it.
 */
export function furtherIdle(rows: readonly SummaryRow[], idle: ValueRow): readonly ValueRow[] {
  return idle.metric === 'memory.resident' ? ofSameSubject(rows, 'memory.private', idle) : [];
}

function ofSameSubject(rows: readonly SummaryRow[], metric: string, as: ValueRow): readonly ValueRow[] {
  const own = rows.filter((row) => row.metric === metric).filter(hasValue);
  return own.filter((row) => subjectLabel(row) === subjectLabel(as));
}
