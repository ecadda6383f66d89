import { messages } from '../messages/define.ts';
import { translate } from '../messages/translate.ts';
import type { SummaryRow } from '../model/analysis.ts';
import {
  type CategorySummary,
  categorySummaries,
  extremeRatio,
  type HeadlineCost,
  meanRatio,
  type Standing,
  standings,
  subjectCount,
} from './category-summary.ts';
import type { Translate } from './context.ts';
import { type Block, type Column, quiet, runtimeName, type Text, type Tone, text } from './document.ts';
import { briefSubject, commonParams, groupBy } from './labels.ts';
import type { TerminalOptions } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { words as summaryWords } from './sections/answers/summary.ts';
import { categoryNames } from './words/category.ts';
import { words as shared } from './words/common.ts';
import { standingNames } from './words/standing.ts';

const words = messages('table', {
  counts: 'Number of subjects: {signs}',
  full: 'Every subject is in report.md and report.html, every metric in summary.csv.',
});

/** One-character signs show what is better without colour; the legend is above the table. */
const signs: Readonly<Record<Standing, string>> = {
  worse: '▼',
  better: '▲',
  differs: '≠',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

const tones: Readonly<Partial<Record<Standing, Tone>>> = { worse: 'bad', better: 'good' };

/** Narrower tables omit the names of parameters, except of the shortest subjects. */
const roomyWidth = 96;

/**
 * The headlines of many subjects for a terminal: a line per category and runtime with the geometric mean of its cost
 * ratios, the highest and the lowest, and the number of each verdict.
 */
export function summaryTable(
  rows: readonly SummaryRow[],
  baseline: string,
  { lang, width }: TerminalOptions,
): readonly Block[] {
  const t: Translate = (message) => translate(message, lang);
  const summaries = categorySummaries(rows, baseline);
  const present = standings.filter((standing) => summaries.some(({ counts }) => counts[standing] > 0));
  const dropped = commonParams(rows);
  const maxSubject = width < roomyWidth ? 12 : 24;
  const extreme = (item: HeadlineCost | undefined): Text =>
    item === undefined
      ? []
      : [
          text(
            `${extremeRatio(item, lang)} ${terminalText(briefSubject(item.row, dropped, maxSubject), 120)}`,
          ),
        ];
  const cells = (summary: CategorySummary): readonly Text[] => [
    [runtimeName(summary.runtime)],
    [text(meanRatio(summary, lang))],
    extreme(summary.costs[0]),
    summary.costs.length > 1 ? extreme(summary.costs.at(-1)) : [],
    ...present.map((standing): Text => {
      const tone = tones[standing];
      const count = summary.counts[standing] === 0 ? '' : String(summary.counts[standing]);
      return [tone === undefined ? text(count) : { kind: 'text', text: count, tone }];
    }),
  ];
  const subject: Pick<Column, 'align' | 'fit'> = { align: 'left', fit: { how: 'cut', min: 0 } };
  return [
    quiet(t(summaryWords.intro({ subjects: subjectCount(rows), baseline: terminalText(baseline, 30) }))),
    quiet(
      t(words.counts({ signs: present.map((one) => `${signs[one]} ${t(standingNames[one])}`).join(' · ') })),
    ),
    {
      kind: 'table',
      columns: [
        { title: t(shared.runtime), align: 'left', fit: { how: 'cut', max: 16 } },
        { title: t(summaryWords.mean), align: 'right' },
        { title: t(summaryWords.worst), ...subject },
        { title: t(summaryWords.best), ...subject },
        ...present.map((standing) => ({ title: signs[standing], align: 'right' as const })),
      ],
      rows: groupBy(summaries, ({ category }) => category).flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { category, subjects } = first;
        const count = t(shared.subjects({ count: String(subjects), n: subjects }));
        return [[[text(`${t(categoryNames[category])} (${count})`)]], ...group.map(cells)];
      }),
    },
    quiet(t(words.full)),
  ];
}
