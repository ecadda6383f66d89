import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { ReportContext } from '../../context.ts';
import {
  type Block,
  list,
  number,
  paragraph,
  runtimeName,
  sentence,
  strong,
  type Text,
  text,
} from '../../document/document.ts';
import { formatRatio, formatValue } from '../../document/format.ts';
import { groupBy, subjectLabel } from '../../document/labels.ts';
import { type TableColumn, tableOf } from '../../document/make-table.ts';
import { quoted } from '../../document/quotes.ts';
import { categoryFindings } from '../../findings/category-findings.ts';
import { atPlace, type CategorySummary, mainEstimate, mainPlace } from '../../findings/category-summary.ts';
import { hasValue } from '../../findings/row-guards.ts';
import { words as shared } from '../../words/common.ts';
import { whyOf } from '../../words/fact.ts';
import { metricName } from '../../words/metric.ts';
import { standingInline } from '../../words/verdict.ts';

const explainedWords = messages('section.explained', { why: 'Why' });

/** How architectures explain what was found in a category: once for all runtimes of one architecture. */
export function explained(
  summaries: readonly CategorySummary[],
  { run, t }: ReportContext,
): readonly Block[] {
  const told = summaries.flatMap((summary) => {
    if (categoryFindings(summary).length === 0) return [];
    const facts = run.runtimes.find(({ entry }) => entry.name === summary.runtime);
    const reason = facts === undefined ? null : whyOf(familyOf(facts.family), summary.category);
    return reason === null ? [] : [{ runtime: summary.runtime, reason }];
  });
  const items = groupBy(told, ({ reason }) => reason.id).map((group): Text => {
    const names = group.flatMap(({ runtime }, i) => [text(i === 0 ? '' : ', '), runtimeName(runtime)]);
    const [first] = group;
    const colon = t(shared.colon);
    return [
      strong(t(explainedWords.why)),
      text(' ('),
      ...names,
      text(`)${colon}${first === undefined ? '' : t(first.reason)}`),
    ];
  });
  return list(items);
}

/** Summary of a category: `● crun ▼ 0.84×  ● runsc ▲ 11.3×`. */
export function gistOf(summaries: readonly CategorySummary[], { lang, t }: ReportContext): Text {
  return summaries.flatMap((summary, i): Text => {
    const estimate = mainEstimate(summary);
    if (estimate === null) return [];
    return [
      text(i === 0 ? '' : ' '),
      runtimeName(summary.runtime),
      text(' '),
      standingInline(estimate.standing, t),
      text(` ${atPlace(formatRatio(estimate.cost.ratio, lang), mainPlace(summary))}`),
    ];
  });
}

const words = messages('section.costs', {
  title: 'What it costs in CPU and memory',
  intro: 'Values; in parentheses the ratio to {baseline} (“?”: inconclusive).',
});

const costMetrics = [
  'cpu.usage',
  'engine.cpu',
  'total.cpu',
  'memory.peak',
  'memory.resident',
  'memory.private',
  'memory.footprint',
  'pss.outside',
];

/** One row per cell, one column per resource; empty columns are left out. */
export function costTable(rows: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { analysis, lang, t } = context;
  const valued = rows.filter(hasValue).filter((row) => costMetrics.includes(row.metric));
  const metrics = costMetrics.filter((metric) => valued.some((row) => row.metric === metric));
  if (metrics.length === 0) return [];
  const subjects = groupBy(valued, subjectLabel);
  return [
    paragraph(strong(t(words.title)), text(`. ${t(words.intro({ baseline: analysis.baseline }))}`)),
    tableOf(
      subjects.flatMap((subject) =>
        groupBy(subject, (row) => row.runtime).flatMap((cell, i) =>
          cell.slice(0, 1).map((row) => ({ row, cell, isFirst: i === 0 })),
        ),
      ),
      [
        [shared.workload, ({ row, isFirst }) => (isFirst ? subjectLabel(row) : null)],
        [shared.runtime, ({ row }) => runtimeName(row.runtime)],
        ...metrics.map(
          (metric): TableColumn<{ cell: readonly SummaryRow[] }> => [
            metricName(metric, lang),
            ({ cell }) => costCell(cell, metric, context),
            'right',
          ],
        ),
      ],
      lang,
    ),
    ...leftOut(rows, context),
  ];
}

/**
 * Resource figures that a runtime lacks because they would not cover its container: the reason, once per runtime and figure.
 */
function leftOut(rows: readonly SummaryRow[], { lang, t }: ReportContext): readonly Block[] {
  const own = rows.filter((row) => !hasValue(row) && !row.headline && costMetrics.includes(row.metric ?? ''));
  const items = groupBy(own, ({ runtime, note }) => JSON.stringify([runtime, note])).flatMap(
    ([row]): readonly Text[] =>
      row === undefined
        ? []
        : [[runtimeName(row.runtime), text(t(shared.colon)), quoted(row, 'note', lang, sentence)]],
  );
  return list(items);
}

function costCell(cell: readonly SummaryRow[], metric: string, { lang }: ReportContext): Text {
  const row = cell.find((candidate) => candidate.metric === metric);
  if (row === undefined || !hasValue(row)) return [];
  const doubt = row.verdict === 'inconclusive' ? '?' : '';
  const ratio =
    row.ratio === null || row.verdict === 'baseline' ? '' : ` (${formatRatio(row.ratio, lang)}${doubt})`;
  return [number(`${formatValue(row.median, row.unit, lang)}${ratio}`, row.median)];
}
