import type { Better, Unit } from '../workload/metric.ts';
import type { SummaryRow, Verdict } from './analysis.ts';

/** The words for a ratio below and above 1. */
export interface VerdictWords {
  readonly below: Verdict;
  readonly above: Verdict;
}

/** Metrics in ns that are used resources rather than waiting time. */
const resourcePrefixes = ['cpu.', 'engine.', 'total.', 'pressure.'];

/**
 * Words for a difference in a metric.
 *
 * - Resource usage is `less` or `more`, whichever is better: counts, bytes, shares, and, among times in ns, those of
 *   CPU (`cpu.*`, `engine.*`, `total.*`) and of stalls (`pressure.*`).
 * - Other times (`ns`, `ns/op`) and rates (`ops/s`, `bytes/s`) are `faster` or `slower`. The larger number is the
 *   faster one where higher is better, and for rates without a direction.
 */
export function verdictWords(metric: string, unit: Unit, better: Better): VerdictWords {
  const usage = unit === 'ns' && resourcePrefixes.some((prefix) => metric.startsWith(prefix));
  if (unit === 'bytes' || unit === 'count' || unit === 'ratio' || usage)
    return { below: 'less', above: 'more' };
  const rate = unit === 'ops/s' || unit === 'bytes/s';
  const higherIsFaster = better === 'higher' || (better === 'neither' && rate);
  return higherIsFaster ? { below: 'slower', above: 'faster' } : { below: 'faster', above: 'slower' };
}

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
