import type { FactRow } from '../../model/analysis.ts';
import type { ReportContext } from '../context.ts';
import { type Block, code, heading, paragraph, type Text, text } from '../document.ts';
import { groupBy, orderSubjects, subjectLabel } from '../labels.ts';
import { factLabel } from '../messages/index.ts';
import { inLanguage } from '../phrases/phrase.ts';

/**
 * What trials said that is not a quantity: per workload a table of fact × runtime. Facts of the category isolation come
 * first and give the section its name; without any fact there is no section.
 */
export function factsSection(context: ReportContext): readonly Block[] {
  const { m, analysis } = context;
  if (analysis.facts.length === 0) return [];
  // A workload's id begins with its category.
  const later = ([first]: readonly FactRow[]) => Number(!first?.workload.startsWith('isolation/'));
  const groups = groupBy(orderSubjects(analysis.facts), subjectLabel).toSorted((a, b) => later(a) - later(b));
  return [
    heading(2, m.factsHeading, 'facts'),
    paragraph(text(m.factsIntro)),
    ...groups.flatMap((group) => tableOf(group, context)),
  ];
}

function tableOf(group: readonly FactRow[], { m, lang, runtimes }: ReportContext): readonly Block[] {
  const [first] = group;
  if (first === undefined) return [];
  const shown = runtimes.filter((name) => group.some(({ runtime }) => runtime === name));
  const left = (title: string) => ({ title, align: 'left' as const });
  const cell = (row: FactRow | undefined): Text =>
    row === undefined
      ? []
      : [code(inLanguage(row.value, lang)), text(row.varies ? ` (${m.factVaries})` : '')];
  return [
    heading(3, subjectLabel(first)),
    {
      kind: 'table',
      columns: [left(m.factHead), ...shown.map((name) => ({ ...left(name), runtime: name }))],
      rows: groupBy(group, ({ id }) => id).map((same) => [
        [text(factLabel(same[0]?.id ?? '', m))],
        ...shown.map((name) => cell(same.find(({ runtime }) => runtime === name))),
      ]),
    },
  ];
}
