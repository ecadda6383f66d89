import { messages } from '../core/messages/define.ts';
import type { SummaryRow } from '../core/model/analysis.ts';
import { hasValue, rawRatio } from './comparison.ts';
import type { ReportContext } from './context.ts';
import { differenceText } from './difference.ts';
import { type Block, left, number, right, runtimeName, type Text, text } from './document.ts';
import { formatRatioEstimate, formatValue } from './format.ts';
import { subjectLabel } from './labels.ts';
import { words as shared } from './words/common.ts';
import { metricName } from './words/metric.ts';
import { verdictInline } from './words/verdict.ts';

const words = messages('table.direct', { ratio: 'ratio [CI]' });

/** Verdicts that claim a difference. */
export const claimVerdicts: readonly SummaryRow['verdict'][] = ['faster', 'slower', 'less', 'more'];

/** Does a row claim a difference? */
export function isClaim({ verdict }: Pick<SummaryRow, 'verdict'>): boolean {
  return claimVerdicts.includes(verdict);
}

/** What a reader looks for: all headlines, and of the rest what is claimed to differ. */
export function noteworthy(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  return rows.filter((row) => row.category !== 'isolation' && (row.headline || isClaim(row)));
}

/** Values, ratios and verdicts of direct comparisons; `before` are the medians that they are compared with. */
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
    /** Titles of the columns of medians. */
    readonly first: string;
    readonly second: string;
  },
  { lang, t }: ReportContext,
): Block {
  const value = (one: number | null, row: SummaryRow): Text =>
    one === null || row.unit === null ? [] : [number(formatValue(one, row.unit, lang), one)];
  return {
    kind: 'table',
    caption,
    columns: [
      left(t(shared.workload)),
      left(t(shared.runtime)),
      right(first),
      right(second),
      right(t(words.ratio)),
      left(t(shared.verdict)),
    ],
    rows: rows.filter(hasValue).map((row): readonly Text[] => {
      const raw = rawRatio(row);
      return [
        [text(`${subjectLabel(row)}${t(shared.colon)}${metricName(row.metric, lang)}`)],
        [runtimeName(row.runtime)],
        value(before(row), row),
        value(row.median, row),
        raw === null
          ? [text(differenceText(row, lang) ?? '')]
          : [number(formatRatioEstimate(raw, lang), raw.ratio)],
        [verdictInline(row.verdict, t)],
      ];
    }),
  };
}
