import type { SummaryRow } from '../../model/analysis.ts';
import {
  type CategorySummary,
  categorySummaries,
  type HeadlineCost,
  standings,
  subjectCount,
} from '../category-summary.ts';
import type { ReportContext } from '../context.ts';
import { type Block, number, paragraph, runtimeName, type Text, text } from '../document.ts';
import { formatCount } from '../format.ts';
import { commonParams, shortSubject } from '../labels.ts';
import { extremeRatio, meanRatio } from '../summary-table.ts';

const left = (title: string) => ({ title, align: 'left' as const });
const right = (title: string) => ({ title, align: 'right' as const });

/** What many headlines come to, a row per category and runtime: mean ratio, both extremes, and how many got which verdict. */
export function summaryBlocks(headlines: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { m, analysis } = context;
  const summaries = categorySummaries(headlines, analysis.baseline);
  const dropped = commonParams(headlines);
  return [
    paragraph(text(m.summaryIntro(subjectCount(headlines), analysis.baseline))),
    {
      kind: 'table',
      columns: [
        left(m.categoryHead),
        left(m.runtime),
        right(m.summaryMean),
        left(m.summaryWorst),
        left(m.summaryBest),
        left(m.verdictHead),
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
  { m, lang }: ReportContext,
): readonly Text[] {
  const { category, runtime, subjects, costs, counts } = summary;
  const extreme = (item: HeadlineCost | undefined) =>
    item === undefined
      ? []
      : [number(`${extremeRatio(item, lang)} ${shortSubject(item.row, dropped)}`, item.cost.ratio)];
  return [
    first
      ? [text(`${m.category[category]} (${m.subjectsCount(formatCount(subjects, lang), subjects)})`)]
      : [],
    [runtimeName(runtime)],
    summary.mean === null ? [] : [number(meanRatio(summary, lang), summary.mean)],
    extreme(costs[0]),
    costs.length > 1 ? extreme(costs[costs.length - 1]) : [],
    [
      text(
        standings
          .filter((standing) => counts[standing] > 0)
          .map((standing) => `${m.standing[standing]}${m.colon}${formatCount(counts[standing], lang)}`)
          .join(', '),
      ),
    ],
  ];
}
