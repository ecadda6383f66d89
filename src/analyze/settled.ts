import type { ResolvedConfig } from '../model/run.ts';
import { hodgesLehmann } from './stats/hodges-lehmann.ts';

/**
 * Why a comparison needs no more blocks.
 * - `clear`: it is far from 1, measured by its own interval, and beyond what matters in practice.
 * - `precise`: its interval is as narrow as the target.
 */
export type Settled = 'clear' | 'precise';

/** An estimate with its interval: of a logarithm of a ratio, or of a difference as a fraction of the baseline. */
export interface Shift {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Half-widths that lie between 1 and the estimate of a clear comparison. */
const clearHalfWidths = 3;

/** Blocks after the one at which the target was reached. Runs that stop at that one stop at intervals that are too narrow. */
export const blocksAfterTarget = 2;

/**
 * Difference beyond which a comparison of a run can be clear, as a fraction; null where none can: `--precision` is a promise
 * about every interval.
 */
export function clearBeyond({
  precision,
  thresholds,
}: Pick<ResolvedConfig, 'precision' | 'thresholds'>): number | null {
  return precision === null ? thresholds.practical : null;
}

/** Half-width below which a comparison at this distance from no difference is clear; at most 0 where none is. */
export function clearHalfWidth(distance: number, practical: number): number {
  return Math.min(distance / clearHalfWidths, distance - Math.log1p(practical));
}

/**
 * True if the comparison is far from no difference. Where there is none, no interval is that far from it but by a chance
 * of about one in 10⁵ a look, so this rule makes no false claims.
 */
function isClear({ estimate, low, high }: Shift, practical: number): boolean {
  const near = estimate > 0 ? low : -high;
  const halfWidth = (high - low) / 2;
  return Math.abs(estimate) > clearHalfWidths * halfWidth && near > Math.log1p(practical);
}

/** The values of one comparison in the order of their blocks. */
export type Pairs = readonly (readonly [runtime: number, baseline: number])[];

/**
 * How far the pairs of a comparison shift from the baseline; null while there is no interval. Where a value is not
 * positive there is no ratio, and the difference counts, as a fraction of the baseline's mean size, or of the
 * runtime's where the baseline is always 0.
 */
export function shiftOf(pairs: Pairs, confidence: number): Shift | null {
  if (pairs.length === 0) return null;
  const positive = pairs.every(([runtime, baseline]) => runtime > 0 && baseline > 0);
  const meanSize = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const size = meanSize(pairs.map(([, baseline]) => baseline)) || meanSize(pairs.map(([runtime]) => runtime));
  const values = pairs.map(([runtime, baseline]) => {
    if (positive) return Math.log(runtime) - Math.log(baseline);
    return runtime === baseline ? 0 : (runtime - baseline) / size;
  });
  if (!values.every(Number.isFinite)) return null;
  const { estimate, low, high } = hodgesLehmann(values, confidence);
  return low === null || high === null ? null : { estimate, low, high };
}

/** Half the width of a ratio's interval, as a fraction of the ratio. */
export function relativeHalfWidth({ estimate, low, high }: Shift): number {
  return (Math.exp(high) - Math.exp(low)) / 2 / Math.exp(estimate);
}

/**
 * Whether a comparison needs more blocks, by its pairs so far and nothing else: a run that is resumed decides the same from
 * its records. `practical`: null where only the target counts.
 */
export function settledBy(
  pairs: Pairs,
  rule: { readonly confidence: number; readonly target: number; readonly practical: number | null },
): Settled | null {
  const { confidence, target, practical } = rule;
  const now = shiftOf(pairs, confidence);
  if (now === null) return null;
  if (practical !== null && isClear(now, practical)) return 'clear';
  const before = shiftOf(pairs.slice(0, -blocksAfterTarget), confidence);
  return before !== null && relativeHalfWidth(before) <= target ? 'precise' : null;
}
