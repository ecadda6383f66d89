import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import { hasValue } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import {
  type Block,
  left,
  list,
  number,
  paragraph,
  right,
  runtimeName,
  sentence,
  strong,
  type Text,
  text,
} from '../../document.ts';
import { formatRatio, formatValue } from '../../format.ts';
import { groupBy, subjectLabel } from '../../labels.ts';
import { quoted } from '../../quotes.ts';
import { words as shared } from '../../words/common.ts';
import { metricName } from '../../words/metric.ts';

const words = messages('section.costs', {
  title: 'What it costs in CPU and memory',
  intro: 'Medians; in parentheses the ratio to {baseline} (“?”: inconclusive).',
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
    {
      kind: 'table',
      columns: [
        left(t(shared.workload)),
        left(t(shared.runtime)),
        ...metrics.map((metric) => right(metricName(metric, lang))),
      ],
      rows: subjects.flatMap((subject) =>
        groupBy(subject, (row) => row.runtime).map((cell, i) => [
          i === 0 && cell[0] !== undefined ? [text(subjectLabel(cell[0]))] : [],
          cell[0] === undefined ? [] : [runtimeName(cell[0].runtime)],
          ...metrics.map((metric) => costCell(cell, metric, context)),
        ]),
      ),
    },
    ...leftOut(rows, context),
  ];
}

/**
 * Resource figures that a runtime lacks because they do not cover its container, with the reason, once per runtime and
 * figure.
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
