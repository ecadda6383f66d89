import type { SummaryRow } from './analysis.ts';

/** A ratio with its interval; both bounds are null where there were too few pairs. */
export interface RatioEstimate {
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The raw ratio of a row, runtime ÷ baseline; null where it does not exist. */
export function rawRatio(
  row: Pick<SummaryRow, 'ratio' | 'ratioCiLow' | 'ratioCiHigh'>,
): RatioEstimate | null {
  if (row.ratio === null) return null;
  const both = row.ratioCiLow !== null && row.ratioCiHigh !== null;
  return { ratio: row.ratio, low: both ? row.ratioCiLow : null, high: both ? row.ratioCiHigh : null };
}

/**
 * Orient a ratio so that above 1 always means higher cost. The ratio of a rate (higher is better) is inverted, and the
 * bounds of its interval change places. Null where there is no positive ratio.
 */
export function costRatio(
  row: Pick<SummaryRow, 'ratio' | 'ratioCiLow' | 'ratioCiHigh' | 'better'>,
): RatioEstimate | null {
  const raw = rawRatio(row);
  if (raw === null || !(raw.ratio > 0)) return null;
  if (row.better !== 'higher') return raw;
  const low = raw.low !== null && raw.low > 0 ? raw.low : null;
  return {
    ratio: 1 / raw.ratio,
    low: low === null || raw.high === null ? null : 1 / raw.high,
    high: low === null ? null : 1 / low,
  };
}
