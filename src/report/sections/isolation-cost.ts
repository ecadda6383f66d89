import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { unavailableRuntimes } from '../context.ts';
import { chapter, code, number, paragraph, type Text, text } from '../document/document.ts';
import { formatRatio } from '../document/format.ts';
import { type TableCell, type TableColumn, tableOf } from '../document/make-table.ts';
import { categorySummaries, mainEstimate, markedCategoryRatio } from '../findings/category-summary.ts';
import { headlineCosts } from '../findings/headline-cost.ts';
import { categoryNames } from '../words/category.ts';
import { factName } from '../words/fact.ts';
import { factHead } from './facts.ts';
import type { Section } from './section.ts';

const words = messages('section.isolationCost', {
  title: 'Isolation and its cost',
  intro:
    'What separates a container from the host, and what each category costs relative to {baseline}. Above 1 costs more. “?”: inconclusive, or without an interval.',
  hostKernel: 'the host’s',
  ownKernel: 'not the host’s',
  meanCost: 'cost: {category}',
});

/** The facts that describe best how a program is separated from the host's kernel. */
const mainFacts = ['kernel.release', 'syscalls.answered', 'seccomp.mode', 'kernel.log', 'network.mode'];

/** A row of the table: its title, and its cell for each runtime. */
type Row = readonly [title: Message, cell: (runtime: string) => TableCell];

/**
 * Isolation beside cost: the main facts, then the mean cost ratio of every category, one column per runtime. Left out
 * without facts or without ratios.
 */
export default {
  id: 'isolation-cost',
  order: 600,
  blocks(context) {
    const { analysis, run, lang, runtimes, t } = context;
    const facts = context.facts.filter(({ workload }) => workload.startsWith('isolation/'));
    const summaries = categorySummaries(context.rows, analysis.baseline, analysis.categories).filter(
      ({ costs }) => costs.length > 0,
    );
    if (facts.length === 0 || headlineCosts(context.rows, analysis.baseline).length === 0) return [];
    const gone = new Set(unavailableRuntimes(context));
    const shown = runtimes.filter((name) => !gone.has(name));
    const fact = (id: string, runtime: string): Text => {
      const value = facts.find((row) => row.id === id && row.runtime === runtime)?.value;
      if (value === undefined) return [];
      if (id !== 'kernel.release') return [code(value)];
      return [code(value), text(` (${t(value === run.host.kernel ? words.hostKernel : words.ownKernel)})`)];
    };
    const categories = [...new Set(summaries.map(({ category }) => category))];
    return [
      chapter({ title: t(words.title), id: 'isolation-cost', open: true }, [
        paragraph(text(t(words.intro({ baseline: analysis.baseline })))),
        tableOf<Row>(
          [
            ...mainFacts
              .filter((id) => facts.some((row) => row.id === id))
              .map((id): Row => [factName(id), (runtime) => fact(id, runtime)]),
            ...categories.map(
              (category): Row => [
                words.meanCost({ category: categoryNames[category] }),
                (runtime) => {
                  if (runtime === analysis.baseline) return number(formatRatio(1, lang), 1);
                  const summary = summaries.find(
                    (one) => one.category === category && one.runtime === runtime,
                  );
                  return summary === undefined
                    ? null
                    : number(markedCategoryRatio(summary, lang), mainEstimate(summary)?.cost.ratio ?? 0);
                },
              ],
            ),
          ],
          [
            [factHead, ([title]) => title],
            ...shown.map((name): TableColumn<Row> => [name, ([, cell]) => cell(name), { runtime: name }]),
          ],
          lang,
          words.title,
        ),
      ]),
    ];
  },
} satisfies Section;
