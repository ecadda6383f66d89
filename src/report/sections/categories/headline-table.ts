import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import type { Change } from '../../../core/model/run-comparison.ts';
import { hasValue, hasVerdict, type RatioEstimate, rawRatio } from '../../comparison.ts';
import { type ReportContext, unavailableRuntimes } from '../../context.ts';
import { differenceText } from '../../difference.ts';
import {
  anchor,
  type Block,
  type Inline,
  left,
  link,
  number,
  right,
  runtimeName,
  type Text,
  text,
} from '../../document.ts';
import { ofEmulatedGuest } from '../../emulation.ts';
import { formatEstimate, formatRatioEstimate } from '../../format.ts';
import { groupBy, otherMetric, subjectAnchor, subjectLabel } from '../../labels.ts';
import { failures, twoGroups, unconfirmed } from '../../remarks.ts';
import { categoryNames } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { metricName } from '../../words/metric.ts';
import { verdictInline, verdictNames } from '../../words/verdict.ts';
import { changeCell, changeHead, changesByCell } from './change-cell.ts';

const words = messages('section.categories', {
  n: 'n',
  caption: '{category}: every workload under every runtime, with its ratio to {baseline} and the verdict',
  allWorkloads: 'all workloads',
  csvRow: 'row {row} of summary.csv: {key}',
  tail: 'p95: × {baseline} [CI]',
});

/** All headlines of a category: median, ratio and verdict, each with its uncertainty. */
export function headlineTable(rows: readonly SummaryRow[], context: ReportContext): Block {
  const { analysis, confidence, t } = context;
  const gone = unavailableRuntimes(context);
  const tried = rows.filter(({ runtime }) => !gone.includes(runtime));
  const tails = tried.some(({ tail }) => tail !== undefined);
  const changes = changesByCell(context.changes);
  return {
    kind: 'table',
    caption: t(
      words.caption({ category: categoryNames[rows[0]?.category ?? 'app'], baseline: analysis.baseline }),
    ),
    columns: [
      left(t(shared.workload)),
      left(t(shared.runtime)),
      right(t(shared.medianWithInterval({ confidence }))),
      right(t(shared.ratioWithInterval({ baseline: analysis.baseline }))),
      ...(tails ? [right(t(words.tail({ baseline: analysis.baseline })))] : []),
      left(t(shared.verdict)),
      ...(changes === null ? [] : [right(t(changeHead))]),
      right(t(words.n)),
    ],
    rows: [
      ...groupBy(tried, subjectLabel).flatMap((group) =>
        group.map((row, i) =>
          headlineRow(row, { title: group.find(hasValue) ?? row, first: i === 0, tails, changes }, context),
        ),
      ),
      ...gone.map((name) => [
        [text(t(words.allWorkloads))],
        [runtimeName(name)],
        [],
        [],
        ...(tails ? [[]] : []),
        [text(t(verdictNames.unavailable))],
        ...(changes === null ? [] : [[]]),
        [text('0')],
      ]),
    ],
  };
}

/** Where a row stands, and which columns the table has. */
interface RowPlace {
  /** The first row of the subject that has a value. */
  readonly title: SummaryRow;
  readonly first: boolean;
  readonly tails: boolean;
  /** null: no column of changes. */
  readonly changes: ReadonlyMap<string, Change> | null;
}

function headlineRow(
  row: SummaryRow,
  { title, first, tails, changes }: RowPlace,
  context: ReportContext,
): readonly Text[] {
  const { lang, analysis, t } = context;
  const raw = row.verdict === 'baseline' ? null : rawRatio(row);
  return [
    !first
      ? []
      : [
          anchor(
            `${subjectLabel(row)}${t(shared.colon)}${metricName(title.metric ?? '', lang)}`,
            subjectAnchor(row),
          ),
        ],
    [runtimeName(row.runtime), ...besides(otherMetric(row, title, lang))],
    hasValue(row)
      ? [
          number(
            formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang),
            row.median,
          ),
        ]
      : [],
    raw === null ? [text(differenceText(row, lang) ?? '')] : [ratioCell(raw, lang)],
    ...(tails ? [row.tail === undefined ? [] : [ratioCell(row.tail, lang)]] : []),
    [
      ...(hasVerdict(row) ? [verdictInline(row.verdict, t)] : []),
      ...[...unconfirmed(row, lang), ...twoGroups(row, lang)].flatMap(({ full }) => besides(t(full))),
      ...besides(ofEmulatedGuest(row, analysis) ? t(shared.emulatedGuest) : ''),
    ],
    ...(changes === null ? [] : [changeCell(row, changes, context)]),
    [csvLink(row, context), ...failures(row, lang).flatMap(({ full }) => besides(t(full)))],
  ];
}

/** `1.85× [1.68, 2.07]` */
function ratioCell(estimate: RatioEstimate, lang: Lang): Inline {
  return number(formatRatioEstimate(estimate, lang), estimate.ratio);
}

/** ` (memory footprint)` */
function besides(words: string): readonly Inline[] {
  return words === '' ? [] : [text(` (${words})`)];
}

/** The number of values, linked to the row of summary.csv (RFC 7111; row 1 holds the column names). */
function csvLink(row: SummaryRow, { csvRows, t }: ReportContext): Inline {
  const place = csvRows.get(row);
  if (place === undefined) return text(String(row.n));
  const key = [row.runtime, row.workload, row.params, row.metric ?? ''].filter((part) => part !== '');
  const about = words.csvRow({ row: String(place), key: key.join(', ') });
  return link(String(row.n), `summary.csv#row=${place}`, t(about));
}
