import { messages } from '../../core/messages/define.ts';
import { categorySummaries, markedCategoryRatio } from '../category-summary.ts';
import { unavailableRuntimes } from '../context.ts';
import { chapter, code, left, number, paragraph, type Text, text } from '../document.ts';
import { formatRatio } from '../format.ts';
import { headlineCosts } from '../headline-cost.ts';
import { categoryNames } from '../words/category.ts';
import { factName } from '../words/fact.ts';
import { factHead } from './facts.ts';
import type { Section } from './section.ts';

const words = messages('section.isolationCost', {
  title: 'Isolation against cost',
  intro:
    'What a container is separated by, and below it what that costs: the cost of each category relative to {baseline}, with its interval (above 1 costs more; “?”: inconclusive, or without an interval).',
  hostKernel: 'the host’s own',
  ownKernel: 'not the host’s',
  meanCost: 'cost: {category}',
});

/** The facts that say most about what separates a program from the host's kernel. */
const mainFacts = ['kernel.release', 'syscalls.answered', 'seccomp.mode', 'kernel.log', 'network.mode'];

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
      ({ mean }) => mean !== null,
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
        {
          kind: 'table',
          caption: t(words.title),
          columns: [left(t(factHead)), ...shown.map((name) => ({ ...left(name), runtime: name }))],
          rows: [
            ...mainFacts
              .filter((id) => facts.some((row) => row.id === id))
              .map((id): readonly Text[] => [
                [text(t(factName(id)))],
                ...shown.map((name) => fact(id, name)),
              ]),
            ...categories.map((category): readonly Text[] => [
              [text(t(words.meanCost({ category: categoryNames[category] })))],
              ...shown.map((name): Text => {
                if (name === analysis.baseline) return [number(formatRatio(1, lang), 1)];
                const summary = summaries.find((one) => one.category === category && one.runtime === name);
                return summary === undefined
                  ? []
                  : [number(markedCategoryRatio(summary, lang), summary.mean ?? 0)];
              }),
            ]),
          ],
        },
      ]),
    ];
  },
} satisfies Section;
