import type { SummaryRow } from '../model/analysis.ts';
import type { Category } from '../model/metric.ts';
import {
  type CategorySummary,
  categorySummaries,
  type HeadlineCost,
  standingOf,
} from './category-summary.ts';
import { costRatio, hasValue, type RatioEstimate, type ValueRow } from './comparison.ts';
import { subjectLabel } from './labels.ts';

/** A runtime's value and the baseline's, for one of the main questions. */
export interface FirstAnswer {
  readonly row: ValueRow;
  readonly baseline: ValueRow;
  readonly cost: RatioEstimate;
}

/** A category with a claim: the strongest one, and the number of subjects with any. */
export interface CategoryClaim {
  readonly category: Category;
  readonly extreme: HeadlineCost;
  readonly claimed: number;
  readonly subjects: number;
}

/** Summary of one runtime. Each category is in one list only, except that it may be in both `worse` and `better`. */
export interface InShort {
  readonly runtime: string;
  /** Time to first output of the plain start; null without a ratio. */
  readonly startup: FirstAnswer | null;
  /** Memory of an idle container. */
  readonly memory: FirstAnswer | null;
  readonly worse: readonly CategoryClaim[];
  readonly better: readonly CategoryClaim[];
  /** Categories with values where every subject is equivalent. */
  readonly unaffected: readonly Category[];
  /** Categories with values but without claims, where not all subjects are equivalent. */
  readonly undecided: readonly Category[];
}

/** The main questions; the first subject in report order that answers one is used. */
const firstQuestions = {
  startup: (row: SummaryRow) => row.metric === 'startup.to_output',
  memory: (row: SummaryRow) => row.workload === 'memory/idle',
} as const;

/**
 * The claims of a run, per runtime that has headline ratios. Only verdicts are claims: a ratio without one is
 * undecided, however large. `rows` are in report order.
 */
export function inShort(rows: readonly SummaryRow[], baseline: string): readonly InShort[] {
  const headlines = rows.filter(({ headline, category }) => headline && category !== 'isolation');
  const byRuntime = Map.groupBy(categorySummaries(headlines, baseline), ({ runtime }) => runtime);
  return [...byRuntime].flatMap(([runtime, summaries]) => {
    const measured = summaries.filter(({ costs }) => costs.length > 0);
    if (measured.length === 0) return [];
    const answered = (question: keyof typeof firstQuestions) =>
      firstAnswer(headlines, firstQuestions[question], runtime, baseline);
    const startup = answered('startup');
    const memory = answered('memory');
    const answers = [startup?.row, memory?.row];
    const isNew = ({ extreme, claimed }: CategoryClaim) =>
      claimed > 1 || !answers.includes(extreme.row as ValueRow);
    const quiet = measured.filter(({ counts }) => counts.worse + counts.better === 0);
    const unaffected = quiet.filter(({ counts, costs }) => counts.equivalent === costs.length);
    return [
      {
        runtime,
        startup,
        memory,
        worse: measured.flatMap((summary) => claims(summary, 'worse')).filter(isNew),
        better: measured.flatMap((summary) => claims(summary, 'better')).filter(isNew),
        unaffected: unaffected.map(({ category }) => category),
        undecided: quiet.filter((summary) => !unaffected.includes(summary)).map(({ category }) => category),
      },
    ];
  });
}

function firstAnswer(
  headlines: readonly SummaryRow[],
  answers: (row: SummaryRow) => boolean,
  runtime: string,
  baseline: string,
): FirstAnswer | null {
  const own = headlines.filter(answers).filter(hasValue);
  const first = own.find((row) => row.runtime === baseline);
  if (first === undefined) return null;
  const row = own.find((each) => each.runtime === runtime && subjectLabel(each) === subjectLabel(first));
  const cost = row === undefined ? null : costRatio(row);
  return row === undefined || cost === null ? null : { row, baseline: first, cost };
}

function claims(
  { category, costs, counts, subjects }: CategorySummary,
  which: 'worse' | 'better',
): readonly CategoryClaim[] {
  const own = costs.filter(({ row }) => standingOf(row) === which);
  const extreme = which === 'worse' ? own[0] : own.at(-1);
  return extreme === undefined ? [] : [{ category, extreme, claimed: counts[which], subjects }];
}
