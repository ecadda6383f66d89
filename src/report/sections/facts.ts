import { messages } from '../../core/messages/define.ts';
import { localized } from '../../core/messages/record.ts';
import type { FactRow } from '../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../context.ts';
import { type Block, chapter, code, heading, paragraph, text } from '../document/document.ts';
import { groupBy, orderSubjects, subjectLabel } from '../document/labels.ts';
import { type TableCell, type TableColumn, tableOf } from '../document/make-table.ts';
import { factName } from '../words/fact.ts';
import type { Section } from './section.ts';

const words = messages('section.facts', {
  title: 'Isolation facts',
  intro: 'What programs inside the containers reported, verbatim. Nothing outside has verified it.',
  otherTitle: 'Facts beside the figures',
  otherIntro: 'What trials reported that is no quantity.',
  varies: 'differs between trials',
});

/** Title of the column of facts. */
export const { fact: factHead } = messages('section.facts', { fact: 'fact' });

/** Non-numeric results of trials: per workload a table of fact × runtime, isolation first. */
export default {
  id: 'facts',
  order: 700,
  blocks(context) {
    const { facts, t } = context;
    if (facts.length === 0) return [];
    // Sorts isolation first: a workload's id begins with its category.
    const later = ([first]: readonly FactRow[]) => Number(!first?.workload.startsWith('isolation/'));
    const ofIsolation = facts.some((row) => later([row]) === 0);
    const groups = groupBy(orderSubjects(facts), subjectLabel).toSorted((a, b) => later(a) - later(b));
    return [
      chapter({ title: t(ofIsolation ? words.title : words.otherTitle), id: 'facts' }, [
        paragraph(text(t(ofIsolation ? words.intro : words.otherIntro))),
        ...groups.flatMap((group) => factTable(group, context)),
      ]),
    ];
  },
} satisfies Section;

function factTable(group: readonly FactRow[], { lang, runtimes, t }: ReportContext): readonly Block[] {
  const [first] = group;
  if (first === undefined) return [];
  const shown = runtimes.filter((name) => group.some(({ runtime }) => runtime === name));
  const cell = (row: FactRow | undefined): TableCell =>
    row === undefined
      ? null
      : [code(localized(row, 'value', lang).text), text(row.varies ? ` (${t(words.varies)})` : '')];
  return [
    heading(3, subjectLabel(first)),
    tableOf(
      groupBy(group, ({ id }) => id),
      [
        [factHead, ([same]) => factName(same?.id ?? '')],
        ...shown.map(
          (name): TableColumn<readonly FactRow[]> => [
            name,
            (same) => cell(same.find(({ runtime }) => runtime === name)),
            { runtime: name },
          ],
        ),
      ],
      lang,
      subjectLabel(first),
    ),
  ];
}
