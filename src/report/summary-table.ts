import { messages } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import type { Analysis, SummaryRow } from '../core/model/analysis.ts';
import { placeName } from './category-cost.ts';
import {
  atPlace,
  type CategorySummary,
  categoryRatio,
  categorySummaries,
  extremeRatio,
  mainEstimate,
  subjectCount,
} from './category-summary.ts';
import type { Translate } from './context.ts';
import { type Block, type Column, quiet, runtimeName, type Text, text } from './document.ts';
import { formatRatioEstimate } from './format.ts';
import { type HeadlineCost, type Standing, standings } from './headline-cost.ts';
import { briefSubject, commonParams, groupBy } from './labels.ts';
import type { TerminalOptions } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { words as summaryWords } from './sections/answers/summary.ts';
import { categoryNames } from './words/category.ts';
import { words as shared } from './words/common.ts';
import { standingNames, standingSigns, standingTones } from './words/standing.ts';

const words = messages('table', {
  counts: 'Number of subjects: {signs}',
  full: 'Every subject is in report.md and report.html, every metric in summary.csv.',
});

/** Longer names of subjects lose the names of their parameters. */
const maxSubject = 14;

/** Narrower tables show the highest and the lowest ratio without the names of their subjects. */
const roomyWidth = 96;

/**
 * The headlines of many subjects for a terminal: a line per category and runtime with its verdict, cost and interval, the
 * highest and the lowest ratio, and the number of each verdict.
 */
export function summaryTable(
  rows: readonly SummaryRow[],
  { baseline, categories }: Pick<Analysis, 'baseline' | 'categories'>,
  { lang, width }: TerminalOptions,
): readonly Block[] {
  const t: Translate = (message) => translate(message, lang);
  const summaries = categorySummaries(rows, baseline, categories);
  const present = standings.filter((standing) => summaries.some(({ counts }) => counts[standing] > 0));
  const dropped = commonParams(rows);
  const extreme = (item: HeadlineCost | undefined): Text => {
    if (item === undefined) return [];
    const ratio = extremeRatio(item, lang);
    if (width < roomyWidth) return [text(ratio)];
    return [text(`${ratio} ${terminalText(briefSubject(item.row, dropped, maxSubject), 120)}`)];
  };
  const cells = (summary: CategorySummary): readonly Text[] => [
    [runtimeName(summary.runtime)],
    costOf(summary, lang),
    extreme(summary.costs[0]),
    summary.costs.length > 1 ? extreme(summary.costs.at(-1)) : [],
    ...present.map((standing): Text => {
      const tone = standingTones[standing];
      const count = summary.counts[standing] === 0 ? '' : String(summary.counts[standing]);
      return [tone === undefined ? text(count) : { kind: 'text', text: count, tone }];
    }),
  ];
  const subject: Pick<Column, 'align' | 'fit'> = { align: 'left', fit: { how: 'cut', min: 0 } };
  return [
    quiet(t(summaryWords.intro({ subjects: subjectCount(rows), baseline: terminalText(baseline, 30) }))),
    quiet(
      t(
        words.counts({
          signs: present.map((one) => `${standingSigns[one]} ${t(standingNames[one])}`).join(' · '),
        }),
      ),
    ),
    {
      kind: 'table',
      columns: [
        { title: t(shared.runtime), align: 'left', fit: { how: 'cut', max: 16 } },
        { title: t(summaryWords.cost), align: 'left' },
        { title: t(summaryWords.worst), ...subject },
        { title: t(summaryWords.best), ...subject },
        ...present.map((standing) => ({ title: standingSigns[standing], align: 'right' as const })),
      ],
      rows: groupBy(summaries, ({ category }) => category).flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { category, subjects } = first;
        const count = t(shared.subjects({ count: String(subjects), n: subjects }));
        const lines = group.flatMap((summary) => [cells(summary), ...otherPlaces(summary, lang)]);
        return [[[text(`${t(categoryNames[category])} (${count})`)]], ...lines];
      }),
    },
    quiet(t(words.full)),
  ];
}

/** `▲ 0.79× [0.71, 0.88]` */
function costOf(summary: CategorySummary, lang: Lang): Text {
  const shown = categoryRatio(summary, lang);
  return shown === '' ? [] : signed(mainEstimate(summary)?.standing ?? 'inconclusive', shown);
}

/** A line for each further layer and engine, below the one of the main place. */
function otherPlaces(summary: CategorySummary, lang: Lang): readonly (readonly Text[])[] {
  const main = mainEstimate(summary);
  return summary.estimates
    .filter((one) => main !== null && one !== main)
    .map((one) => [[], signed(one.standing, atPlace(formatRatioEstimate(one.cost, lang), placeName(one)))]);
}

function signed(standing: Standing, shown: string): Text {
  const tone = standingTones[standing];
  return [
    { kind: 'text', text: `${standingSigns[standing]} ${shown}`, ...(tone === undefined ? {} : { tone }) },
  ];
}
