import { hodgesLehmann } from './stats/hodges-lehmann.ts';
import { pairedP } from './stats/paired-p.ts';

/** Below this many pairs there is neither an interval nor a p value (at 95 %, none exists). */
export const minimumPairs = 6;

/** A runtime compared with the baseline by the blocks that have both. */
export interface Ratio {
  readonly pairs: number;
  /** runtime ÷ baseline; null without pairs, or where a value is not positive. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided p of "the ratio is 1" from two exact tests; see {@link pairedP}. */
  readonly p: number | null;
  /** True if a value is ≤ 0, which has no logarithm. */
  readonly notPositive: boolean;
}

/**
 * The ratio of two samples paired by block: exp of the Hodges–Lehmann estimate of the log ratios, its interval, and a p
 * value. Pairing removes what a block shares, such as a drift of the host.
 *
 * One pair with a value ≤ 0 leaves the ratio undefined: dropping such pairs would favour large values. Exchanging
 * runtime and baseline inverts ratio and interval exactly up to rounding, and keeps p.
 */
export function pairedRatio(
  runtime: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
  confidence: number,
): Ratio {
  const values: [number, number][] = [];
  let notPositive = false;
  for (const [block, value] of runtime) {
    const reference = baseline.get(block);
    if (reference === undefined) continue;
    if (value <= 0 || reference <= 0) notPositive = true;
    values.push([value, reference]);
  }
  const pairs = values.length;
  if (pairs === 0 || notPositive) return { pairs, ratio: null, low: null, high: null, p: null, notPositive };
  const logRatios = values.map(([value, reference]) => Math.log(value) - Math.log(reference));
  const { estimate, low, high } = hodgesLehmann(logRatios, confidence);
  const enough = pairs >= minimumPairs;
  return {
    pairs,
    ratio: Math.exp(estimate),
    low: enough && low !== null ? Math.exp(low) : null,
    high: enough && high !== null ? Math.exp(high) : null,
    p: enough ? pairedP(values) : null,
    notPositive,
  };
}
