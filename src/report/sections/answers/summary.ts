import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, number, paragraph, runtimeName, text } from '../../document/document.ts';
import { formatCount } from '../../document/format.ts';
import { commonParams, shortSubject } from '../../document/labels.ts';
import { type TableCell, tableOf } from '../../document/make-table.ts';
import {
  type CategorySummary,
  categorySummaries,
  extremeRatio,
  mainEstimate,
  markedCategoryRatio,
  subjectCount,
} from '../../findings/category-summary.ts';
import { type HeadlineCost, standings } from '../../findings/headline-cost.ts';
import { categoryNames } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { standingCosts } from '../../words/verdict.ts';

/** Column titles of means and extremes, here and on the terminal. */
export const words = messages('section.summary', {
  intro:
    '{subjects} tests. Cost: geometric mean of the ratios to {baseline} without the lowest and the highest, with its interval; none of fewer than three tests. Above 1 costs more; rates are inverted. “?”: inconclusive, or without an interval. The costliest and cheapest tests are descriptive only.',
  category: 'category',
  cost: 'cost [CI]',
  worst: 'costliest',
  best: 'cheapest',
});

/** A row per category and runtime: its ratio, lowest and highest ratio, and the number of each verdict. */
export function summaryBlocks(headlines: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { analysis, lang, t } = context;
  const { baseline } = analysis;
  const summaries = categorySummaries(headlines, baseline, analysis.categories);
  const dropped = commonParams(headlines);
  const extreme = (item: HeadlineCost | undefined) =>
    item === undefined
      ? null
      : number(`${extremeRatio(item, lang)} ${shortSubject(item.row, dropped)}`, item.cost.ratio);
  return [
    paragraph(text(t(words.intro({ subjects: subjectCount(headlines), baseline })))),
    tableOf(
      summaries.map((summary, i) => ({
        ...summary,
        isFirst: summaries[i - 1]?.category !== summary.category,
      })),
      [
        [words.category, (summary) => (summary.isFirst ? categoryText(summary, context) : null)],
        [shared.runtime, ({ runtime }) => runtimeName(runtime)],
        [words.cost, (summary) => costOf(summary, lang), 'right'],
        [words.worst, ({ costs }) => extreme(costs[0])],
        [words.best, ({ costs }) => (costs.length > 1 ? extreme(costs.at(-1)) : null)],
        [shared.verdict, (summary) => verdictsText(summary, context)],
      ],
      lang,
    ),
  ];
}

function categoryText({ category, subjects: n }: CategorySummary, { lang, t }: ReportContext): string {
  return `${t(categoryNames[category])} (${t(shared.subjects({ count: formatCount(n, lang), n }))})`;
}

function costOf(summary: CategorySummary, lang: Lang): TableCell {
  const shown = markedCategoryRatio(summary, lang);
  return shown === '' ? null : number(shown, mainEstimate(summary)?.cost.ratio ?? 0);
}

function verdictsText({ counts }: CategorySummary, { lang, t }: ReportContext): string {
  return standings
    .filter((standing) => counts[standing] > 0)
    .map(
      (standing) => `${t(standingCosts[standing])}${t(shared.colon)}${formatCount(counts[standing], lang)}`,
    )
    .join(', ');
}
