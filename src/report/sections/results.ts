import type { SummaryRow } from '../../model/analysis.ts';
import type { Category } from '../../model/metric.ts';
import { manySubjects, subjectCount } from '../category-summary.ts';
import { hasValue, hasVerdict, rawRatio } from '../comparison.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import {
  type Block,
  type Inline,
  link,
  number,
  paragraph,
  quote,
  runtimeName,
  sentence,
  type Text,
  text,
} from '../document.ts';
import { ofEmulatedGuest } from '../emulation.ts';
import { formatCount, formatEstimate, formatRatio, formatRatioInterval, formatValue } from '../format.ts';
import { groupBy, otherMetric, subjectLabel } from '../labels.ts';
import { metricLabel } from '../messages/index.ts';

/** A category's headlines, cell by cell, then what the same cells cost in CPU and memory; to be folded where there are many. */
export function categoryTables(context: ReportContext, category: Category): readonly Block[] {
  const { m, rows, lang } = context;
  const own = rows.filter((row) => row.category === category);
  const headlines = own.filter((row) => row.headline);
  if (!headlines.some(hasValue)) return [];
  const tables = [headlineTable(headlines, context), paragraph(text(m.csvHint)), ...costTable(own, context)];
  const count = subjectCount(headlines);
  if (subjectCount(rows) <= manySubjects) return tables;
  const title = m.tablesOf(m.subjectsCount(formatCount(count, lang), count));
  return [{ kind: 'section', title, blocks: tables }];
}

const left = (title: string) => ({ title, align: 'left' as const });
const right = (title: string) => ({ title, align: 'right' as const });

function headlineTable(rows: readonly SummaryRow[], context: ReportContext): Block {
  const { m, analysis, confidence } = context;
  const gone = unavailableRuntimes(context);
  const tried = rows.filter(({ runtime }) => !gone.includes(runtime));
  return {
    kind: 'table',
    columns: [
      left(m.workload),
      left(m.runtime),
      right(m.medianCi(confidence)),
      right(m.ratioCi(analysis.baseline)),
      left(m.verdictHead),
      right(m.nHead),
    ],
    rows: [
      ...groupBy(tried, subjectLabel).flatMap((group) =>
        group.map((row, i) =>
          headlineRow(row, { title: group.find(hasValue) ?? row, first: i === 0 }, context),
        ),
      ),
      ...gone.map((name) => [
        [text(m.allWorkloads)],
        [runtimeName(name)],
        [],
        [],
        [text(m.verdict.unavailable)],
        [text('0')],
      ]),
    ],
  };
}

function headlineRow(
  row: SummaryRow,
  { title, first }: { readonly title: SummaryRow; readonly first: boolean },
  context: ReportContext,
): readonly Text[] {
  const { m, lang, analysis } = context;
  const raw = row.verdict === 'baseline' ? null : rawRatio(row);
  const interval =
    raw === null || raw.low === null || raw.high === null
      ? ''
      : ` ${formatRatioInterval(raw.ratio, raw.low, raw.high, lang)}`;
  const failures = row.failures > 0 ? ` (${m.failedCount(row.failures)})` : '';
  return [
    !first ? [] : [text(`${subjectLabel(row)}${m.colon}${metricLabel(title.metric ?? '', m)}`)],
    [runtimeName(row.runtime), ...besides(otherMetric(row, title, m))],
    hasValue(row)
      ? [
          number(
            formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang),
            row.median,
          ),
        ]
      : [],
    raw === null ? [] : [number(`${formatRatio(raw.ratio, lang)}${interval}`, raw.ratio)],
    [
      text(hasVerdict(row) ? m.verdict[row.verdict] : ''),
      ...besides(ofEmulatedGuest(row, analysis) ? m.emulatedGuest : ''),
    ],
    [csvLink(row, context), text(failures)],
  ];
}

/** ` (memory footprint)` */
function besides(words: string): readonly Inline[] {
  return words === '' ? [] : [text(` (${words})`)];
}

/** The number of values, which leads to the row of summary.csv (RFC 7111; the first row holds the names). */
function csvLink(row: SummaryRow, { m, csvRows }: ReportContext): Inline {
  const place = csvRows.get(row);
  if (place === undefined) return text(String(row.n));
  const key = [row.runtime, row.workload, row.params, row.metric ?? ''].filter((part) => part !== '');
  return link(String(row.n), `summary.csv#row=${place}`, m.csvRow(place, key.join(', ')));
}

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

/** One row a cell, one column a resource; columns that no cell has are left out. */
function costTable(rows: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { m, analysis } = context;
  const valued = rows.filter(hasValue).filter((row) => costMetrics.includes(row.metric));
  const metrics = costMetrics.filter((metric) => valued.some((row) => row.metric === metric));
  if (metrics.length === 0) return [];
  const subjects = groupBy(valued, subjectLabel);
  return [
    paragraph({ kind: 'strong', text: m.costsHeading }, text(`. ${m.costsIntro(analysis.baseline)}`)),
    {
      kind: 'table',
      columns: [left(m.workload), left(m.runtime), ...metrics.map((metric) => right(metricLabel(metric, m)))],
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

/** Which of these figures a runtime lacks because they are not its container's, with the reason, once a runtime and figure. */
function leftOut(rows: readonly SummaryRow[], { m }: ReportContext): readonly Block[] {
  const own = rows.filter((row) => !hasValue(row) && !row.headline && costMetrics.includes(row.metric ?? ''));
  const items = groupBy(own, ({ runtime, note }) => JSON.stringify([runtime, note])).flatMap(
    ([row]): readonly Text[] =>
      row === undefined ? [] : [[runtimeName(row.runtime), text(m.colon), quote(sentence(row.note))]],
  );
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function costCell(cell: readonly SummaryRow[], metric: string, { lang }: ReportContext): Text {
  const row = cell.find((candidate) => candidate.metric === metric);
  if (row === undefined || !hasValue(row)) return [];
  const ratio = row.ratio === null || row.verdict === 'baseline' ? '' : ` (${formatRatio(row.ratio, lang)})`;
  return [number(`${formatValue(row.median, row.unit, lang)}${ratio}`, row.median)];
}
