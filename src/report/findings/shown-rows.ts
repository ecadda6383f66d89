import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import { subjectKey } from '../../core/model/trial/cell.ts';

/**
 * The rows as reports show them: one value a row. A runtime's value is the baseline's median times the paired ratio, its difference
 * that value less the baseline's median, and the intervals of both are the ratio's. So value, difference and ratio of a row say the
 * same, which the medians of different blocks do not. Where there is no ratio, the value is the baseline's median and the paired
 * difference. CSV files keep the plain medians. In the order given.
 */
export function shownRows(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  const key = (row: SummaryRow) => `${subjectKey(row)}|${row.metric}`;
  const medians = new Map(
    rows.filter(({ runtime, baseline }) => runtime === baseline).map((row) => [key(row), row.median]),
  );
  return rows.map((row) =>
    row.runtime === row.baseline ? row : shownBeside(row, medians.get(key(row)) ?? null),
  );
}

/** A row as it is shown beside the value that it is compared with. */
export function shownBeside(row: SummaryRow, before: number | null): SummaryRow {
  const { ratio, ratioCiLow: low, ratioCiHigh: high, difference } = row;
  if (before === null || row.median === null || row.category === 'isolation') return row;
  if (ratio === null) {
    if (difference === undefined) return row;
    const from = (bound: number | null) => (bound === null ? null : before + bound);
    return {
      ...row,
      median: before + difference.estimate,
      ciLow: from(difference.low),
      ciHigh: from(difference.high),
    };
  }
  const [ciLow, ciHigh] = low === null || high === null ? [null, null] : [before * low, before * high];
  const less = (value: number | null) => (value === null ? null : value - before);
  return {
    ...row,
    median: before * ratio,
    ciLow,
    ciHigh,
    ...(difference === undefined
      ? {}
      : { difference: { estimate: before * ratio - before, low: less(ciLow), high: less(ciHigh) } }),
  };
}
