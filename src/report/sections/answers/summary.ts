import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import {
  type CategorySummary,
  categorySummaries,
  extremeRatio,
  mainEstimate,
  markedCategoryRatio,
  subjectCount,
} from '../../category-summary.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, left, number, paragraph, right, runtimeName, type Text, text } from '../../document.ts';
import { formatCount } from '../../format.ts';
import { type HeadlineCost, standings } from '../../headline-cost.ts';
import { commonParams, shortSubject } from '../../labels.ts';
import { categoryNames } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { standingNames } from '../../words/standing.ts';

/** Column titles of means and extremes, here and on the terminal. */
export const words = messages('section.summary', {
  intro:
    '{subjects} subjects. Cost: geometric mean of the ratios to {baseline} with its interval (above 1 costs more; rates inverted). “?”: inconclusive, or without an interval. Costliest and cheapest are what was observed.',
  category: 'category',
  cost: 'cost [CI]',
  worst: 'costliest',
  best: 'cheapest',
});

/** A row per category and runtime: mean ratio, lowest and highest ratio, and the number of each verdict. */
export function summaryBlocks(headlines: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { analysis, t } = context;
  const { baseline } = analysis;
  const summaries = categorySummaries(headlines, baseline, analysis.categories);
  const dropped = commonParams(headlines);
  return [
    paragraph(text(t(words.intro({ subjects: subjectCount(headlines), baseline })))),
    {
      kind: 'table',
      columns: [
        left(t(words.category)),
        left(t(shared.runtime)),
        right(t(words.cost)),
        left(t(words.worst)),
        left(t(words.best)),
        left(t(shared.verdict)),
      ],
      rows: summaries.map((summary, i) =>
        cells(summary, summaries[i - 1]?.category !== summary.category, dropped, context),
      ),
    },
  ];
}

function cells(
  summary: CategorySummary,
  first: boolean,
  dropped: ReadonlyMap<string, ReadonlySet<string>>,
  { lang, t }: ReportContext,
): readonly Text[] {
  const { category, runtime, subjects, costs, counts } = summary;
  const extreme = (item: HeadlineCost | undefined) =>
    item === undefined
      ? []
      : [number(`${extremeRatio(item, lang)} ${shortSubject(item.row, dropped)}`, item.cost.ratio)];
  const count = t(shared.subjects({ count: formatCount(subjects, lang), n: subjects }));
  const found = standings
    .filter((standing) => counts[standing] > 0)
    .map(
      (standing) => `${t(standingNames[standing])}${t(shared.colon)}${formatCount(counts[standing], lang)}`,
    );
  return [
    first ? [text(`${t(categoryNames[category])} (${count})`)] : [],
    [runtimeName(runtime)],
    summary.mean === null
      ? []
      : [number(markedCategoryRatio(summary, lang), mainEstimate(summary)?.cost.ratio ?? summary.mean)],
    extreme(costs[0]),
    costs.length > 1 ? extreme(costs[costs.length - 1]) : [],
    [text(found.join(', '))],
  ];
}
