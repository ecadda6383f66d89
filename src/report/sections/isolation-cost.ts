import { categorySummaries, headlineCosts } from '../category-summary.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import { type Block, code, heading, number, paragraph, type Text, text } from '../document.ts';
import { formatRatio } from '../format.ts';
import { factLabel } from '../messages/index.ts';
import { meanRatio } from '../summary-table.ts';

/** What says most about who stands between a program and the host's kernel, in few words. */
const telling = ['kernel.release', 'syscalls.answered', 'seccomp.mode', 'kernel.log', 'network.mode'];

/**
 * What a runtime separates beside what it costs: the telling facts, then the mean cost ratio of every category, a column
 * per runtime. Without facts or without ratios there is nothing to set side by side.
 */
export function isolationCostSection(context: ReportContext): readonly Block[] {
  const { m, analysis, run, lang, runtimes } = context;
  const facts = analysis.facts.filter(({ workload }) => workload.startsWith('isolation/'));
  const summaries = categorySummaries(context.rows, analysis.baseline).filter(({ mean }) => mean !== null);
  if (facts.length === 0 || headlineCosts(context.rows, analysis.baseline).length === 0) return [];
  const gone = new Set(unavailableRuntimes(context));
  const shown = runtimes.filter((name) => !gone.has(name));
  const fact = (id: string, runtime: string): Text => {
    const value = facts.find((row) => row.id === id && row.runtime === runtime)?.value;
    if (value === undefined) return [];
    if (id !== 'kernel.release') return [code(value)];
    return [code(value), text(` (${value === run.host.kernel ? m.hostKernel : m.ownKernel})`)];
  };
  const categories = [...new Set(summaries.map(({ category }) => category))];
  return [
    heading(2, m.isolationCostHeading, 'isolation-cost'),
    paragraph(text(m.isolationCostIntro(analysis.baseline))),
    {
      kind: 'table',
      columns: [
        { title: m.factHead, align: 'left' },
        ...shown.map((name) => ({ title: name, align: 'left' as const, runtime: name })),
      ],
      rows: [
        ...telling
          .filter((id) => facts.some((row) => row.id === id))
          .map((id): readonly Text[] => [[text(factLabel(id, m))], ...shown.map((name) => fact(id, name))]),
        ...categories.map((category): readonly Text[] => [
          [text(m.meanCost(m.category[category]))],
          ...shown.map((name): Text => {
            if (name === analysis.baseline) return [number(formatRatio(1, lang), 1)];
            const summary = summaries.find((one) => one.category === category && one.runtime === name);
            return summary === undefined ? [] : [number(meanRatio(summary, lang), summary.mean ?? 0)];
          }),
        ]),
      ],
    },
  ];
}
