import { median } from 'simple-statistics';
import { type Centre, pairedCentre } from '../stats/paired-centre.ts';

/** block → value */
type ByBlock = ReadonlyMap<number, number>;

/** A runtime compared with the baseline, paired by block. */
export interface Ratio {
  readonly pairs: number;
  /** runtime ÷ baseline; null without pairs, or where a value is not positive. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided p of "the ratio is 1", by the paired test of the log ratios. */
  readonly p: number | null;
  /** Centre of the log ratios; null without `ratio`. */
  readonly logs: Centre | null;
  /** The log ratios themselves; empty without `ratio`. */
  readonly logRatios: readonly number[];
  /** Which values have no logarithm; null where all have one. */
  readonly notPositive: 'zero' | 'negative' | null;
}

/** runtime − baseline within the blocks that have both, in the metric's unit. */
export interface BlockDifference {
  readonly centre: Centre;
  /** Median of the baseline in these blocks. */
  readonly baseline: number;
}

/**
 * The ratio of two samples paired by block: exp of the Hodges–Lehmann estimate of the log ratios, its interval, and a p
 * value. Pairing removes effects that a whole block shares, such as a drift of the host.
 *
 * One pair with a value ≤ 0 leaves the ratio undefined: dropping such pairs would favour large values. Exchanging
 * runtime and baseline inverts ratio and interval exactly up to rounding, and keeps p.
 */
export function pairedRatio(runtime: ByBlock, baseline: ByBlock, confidence: number): Ratio {
  const logRatios: number[] = [];
  let pairs = 0;
  let least = Number.POSITIVE_INFINITY;
  runtime.forEach((value, block) => {
    const reference = baseline.get(block);
    if (reference === undefined) return;
    pairs += 1;
    least = Math.min(least, value, reference);
    if (least > 0) logRatios.push(Math.log(value) - Math.log(reference));
  });
  const notPositive = least > 0 ? null : least < 0 ? 'negative' : 'zero';
  const logs = notPositive === null ? pairedCentre(logRatios, confidence) : null;
  return { pairs, ...ratioOf(logs), logs, logRatios: notPositive === null ? logRatios : [], notPositive };
}

/** The ratio, its bounds and its p, from the centre of its logarithms. */
export function ratioOf(logs: Centre | null): Pick<Ratio, 'ratio' | 'low' | 'high' | 'p'> {
  if (logs === null) return { ratio: null, low: null, high: null, p: null };
  const { estimate, low, high, test } = logs;
  return {
    ratio: Math.exp(estimate),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
    p: test?.p ?? null,
  };
}

/** The differences of two samples paired by block; null without pairs, or where a difference overflows a double. */
export function pairedDifference(
  runtime: ByBlock,
  baseline: ByBlock,
  confidence: number,
): BlockDifference | null {
  const [differences, references]: [number[], number[]] = [[], []];
  runtime.forEach((value, block) => {
    const reference = baseline.get(block);
    if (reference === undefined) return;
    differences.push(value - reference);
    references.push(reference);
  });
  if (!differences.every(Number.isFinite)) return null;
  const centre = pairedCentre(differences, confidence);
  return centre === null ? null : { centre, baseline: median(references) };
}
