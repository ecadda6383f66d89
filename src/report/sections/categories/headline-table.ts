import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { HeadlineChange, RunComparison } from '../../../core/model/run/run-comparison.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import { type ReportContext, unavailableRuntimes } from '../../context.ts';
import {
  anchor,
  type Block,
  type Inline,
  lineBreak,
  link,
  number,
  runtimeName,
  type Text,
  text,
} from '../../document/document.ts';
import { formatEstimate, formatRatioEstimate } from '../../document/format.ts';
import { groupBy, otherMetric, subjectAnchor, subjectLabel } from '../../document/labels.ts';
import { type TableCell, tableOf } from '../../document/make-table.ts';
import { ofEmulatedGuest } from '../../findings/emulation.ts';
import { decidedByFew, failures, twoGroups, unconfirmed } from '../../findings/remarks.ts';
import { hasValue, hasVerdict, type RatioEstimate, rawRatio } from '../../findings/row-guards.ts';
import { differenceText } from '../../tables/direct-table.ts';
import { isClaimed } from '../../tables/run-comparison-table.ts';
import { categoryNames } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { metricName } from '../../words/metric.ts';
import { verdictInline, verdictNames } from '../../words/verdict.ts';

const changeCellWords = messages('section.changes', {
  head: 'Δ previous run',
  about:
    'Δ is after ÷ before, since run {before}: for {baseline} of its values, for the others of their ratio to {baseline}. A verdict marks a significant change.',
});

/** Title of the column of changes. */
const changeHead = changeCellWords.head;

/** Cell → change since the previous run; null without a comparison. */
function changesByCell(
  changes: RunComparison | null | undefined,
): ReadonlyMap<string, HeadlineChange> | null {
  if (changes === undefined || changes === null || changes.leftOut !== undefined) return null;
  return new Map(changes.changes.map((change) => [cellKey(change), change]));
}

/** `1.02× [0.98, 1.06]`, with the verdict if a change is claimed. */
function changeCell(
  row: SummaryRow,
  changes: ReadonlyMap<string, HeadlineChange>,
  { lang, t }: ReportContext,
): Text {
  const change = changes.get(cellKey(row));
  if (change === undefined || change.ratio === null || change.metric !== row.metric) return [];
  const { ratio, low, high } = change;
  const shown = number(formatRatioEstimate({ ratio, low, high }, lang), ratio);
  if (!isClaimed(change)) return [shown];
  // `differs` is for differences between runtimes, not for changes.
  return [shown, lineBreak, { ...verdictInline(change, t), differs: undefined }];
}

/** Explanation of the column of changes; null without one. */
export function aboutChanges({ changes, analysis }: ReportContext): Message | null {
  if (changes === undefined || changes === null || changes.leftOut !== undefined) return null;
  return changeCellWords.about({ before: changes.before, baseline: analysis.baseline });
}

const words = messages('section.categories', {
  n: 'n',
  caption: '{category}: every test under every runtime, with its ratio to {baseline} and the verdict',
  allWorkloads: 'all tests',
  csvRow: 'row {row} of summary.csv: {key}',
  tail: 'p95: × {baseline} [CI]',
});

/** All headlines of a category: value, ratio and verdict, each with its uncertainty. */
export function headlineTable(rows: readonly SummaryRow[], context: ReportContext): Block {
  const { analysis, confidence, lang, t } = context;
  const { baseline } = analysis;
  const gone = unavailableRuntimes(context);
  const tried = rows.filter(({ runtime }) => !gone.includes(runtime));
  const tails = tried.some(({ tail }) => tail !== undefined);
  const changes = changesByCell(context.changes);
  return tableOf<HeadlineEntry>(
    [
      ...groupBy(tried, subjectLabel).flatMap((group) =>
        group.map((row, i) => ({ row, title: group.find(hasValue) ?? row, first: i === 0 })),
      ),
      ...gone.map((name) => ({ gone: name })),
    ],
    [
      [
        shared.workload,
        (at) => ('gone' in at ? words.allWorkloads : at.first ? subjectCell(at, context) : null),
      ],
      [
        shared.runtime,
        (at) =>
          'gone' in at
            ? runtimeName(at.gone)
            : [runtimeName(at.row.runtime), ...besides(otherMetric(at.row, at.title, lang))],
      ],
      [shared.valueWithInterval({ confidence }), ofRow((row) => valueCell(row, lang)), 'right'],
      [shared.ratioWithInterval({ baseline }), ofRow((row) => ratioOf(row, lang)), 'right'],
      tails && [
        words.tail({ baseline }),
        ofRow(({ tail }) => (tail === undefined ? null : ratioCell(tail, lang))),
        'right',
      ],
      [shared.verdict, (at) => ('gone' in at ? verdictNames.unavailable : verdictCell(at.row, context))],
      changes !== null && [changeHead, ofRow((row) => changeCell(row, changes, context)), 'right'],
      [
        words.n,
        (at) =>
          'gone' in at
            ? '0'
            : [csvLink(at.row, context), ...failures(at.row, lang).flatMap(({ full }) => besides(t(full)))],
        'right',
      ],
    ],
    lang,
    words.caption({ category: categoryNames[rows[0]?.category ?? 'app'], baseline }),
  );
}

/** A row of the analysis, or a runtime that cannot run. */
type HeadlineEntry =
  | {
      readonly row: SummaryRow;
      /** The first row of the subject that has a value. */
      readonly title: SummaryRow;
      readonly first: boolean;
    }
  | { readonly gone: string };

const ofRow = (cell: (row: SummaryRow) => TableCell) => (at: HeadlineEntry) =>
  'gone' in at ? null : cell(at.row);

function subjectCell(
  { row, title }: { readonly row: SummaryRow; readonly title: SummaryRow },
  { lang, t }: ReportContext,
): Inline {
  const ofMetric = title.metric === null ? '' : `${t(shared.colon)}${metricName(title.metric, lang)}`;
  const label = `${subjectLabel(row)}${ofMetric}`;
  return anchor(label, subjectAnchor(row));
}

function valueCell(row: SummaryRow, lang: Lang): TableCell {
  if (!hasValue(row)) return null;
  const { median, ciLow: low, ciHigh: high, unit } = row;
  return number(formatEstimate({ value: median, low, high }, unit, lang), median);
}

function ratioOf(row: SummaryRow, lang: Lang): TableCell {
  const raw = row.verdict === 'baseline' ? null : rawRatio(row);
  return raw === null ? (differenceText(row, lang) ?? '') : ratioCell(raw, lang);
}

function verdictCell(row: SummaryRow, { analysis, lang, t }: ReportContext): Text {
  return [
    ...(hasVerdict(row) ? [verdictInline(row, t)] : []),
    ...[...unconfirmed(row, lang), ...decidedByFew(row), ...twoGroups(row, lang)].flatMap(({ full }) =>
      besides(t(full)),
    ),
    ...besides(ofEmulatedGuest(row, analysis) ? t(shared.emulatedGuest) : ''),
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
