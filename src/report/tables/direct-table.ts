import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../context.ts';
import { type Block, number, runtimeName } from '../document/document.ts';
import { formatDifference, formatRatioEstimate, formatValue } from '../document/format.ts';
import { subjectLabel } from '../document/labels.ts';
import { tableOf } from '../document/make-table.ts';
import { hasValue, rawRatio } from '../findings/row-guards.ts';
import { shownBeside } from '../findings/shown-rows.ts';
import { words as shared } from '../words/common.ts';
import { metricName } from '../words/metric.ts';
import { verdictInline } from '../words/verdict.ts';

/** `+105 ms [100, 111]`: the difference to the baseline; null if it was not recorded. */
export function differenceText({ difference, unit }: SummaryRow, lang: Lang): string | null {
  if (difference === undefined || unit === null) return null;
  const { estimate: value, low, high } = difference;
  return formatDifference({ value, low, high }, unit, lang);
}

const words = messages('table.direct', { ratio: 'ratio [CI]' });

/** Verdicts that claim a difference. */
export const claimVerdicts: readonly SummaryRow['verdict'][] = ['faster', 'slower', 'less', 'more'];

/** Does a row claim a difference? */
export function isClaim({ verdict }: Pick<SummaryRow, 'verdict'>): boolean {
  return claimVerdicts.includes(verdict);
}

/** The rows worth listing: all headlines, and other rows with a claimed difference. */
export function noteworthy(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  return rows.filter((row) => row.category !== 'isolation' && (row.headline || isClaim(row)));
}

/** Values, ratios and verdicts of direct comparisons; `before`: the values they are compared with, as shown elsewhere. */
export function directTable(
  rows: readonly SummaryRow[],
  {
    caption,
    before,
    first,
    second,
  }: {
    readonly caption: string;
    readonly before: (row: SummaryRow) => number | null;
    /** Titles of the columns of values. */
    readonly first: string;
    readonly second: string;
  },
  { lang, t }: ReportContext,
): Block {
  const value = (one: number | null, { unit }: SummaryRow) =>
    one === null || unit === null ? null : number(formatValue(one, unit, lang), one);
  return tableOf(
    rows.filter(hasValue),
    [
      [shared.workload, (row) => `${subjectLabel(row)}${t(shared.colon)}${metricName(row.metric, lang)}`],
      [shared.runtime, ({ runtime }) => runtimeName(runtime)],
      [first, (row) => value(before(row), row), 'right'],
      [second, (row) => value(shownBeside(row, before(row)).median, row), 'right'],
      [
        words.ratio,
        (row) => {
          const raw = rawRatio(row);
          return raw === null
            ? (differenceText(row, lang) ?? '')
            : number(formatRatioEstimate(raw, lang), raw.ratio);
        },
        'right',
      ],
      [shared.verdict, (row) => verdictInline(row, t)],
    ],
    lang,
    caption,
  );
}
