import type { ResolvedConfig } from '../../model/run/run.ts';
import { hodgesLehmann } from '../stats/hodges-lehmann.ts';

/**
 * Why a comparison needs no more blocks.
 * - `clear`: its estimate is far from 1 relative to its interval, and beyond the practical threshold.
 * - `precise`: it has as many blocks as the target takes, estimated from its first half; or its interval is far
 *   narrower.
 */
export type SettledReason = 'clear' | 'precise';

/** An estimate with its interval: of a logarithm of a ratio, or of a difference as a fraction of the baseline. */
export interface Shift {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Minimum distance of a clear comparison from no difference, in half-widths of its interval. */
const clearHalfWidths = 3;

/** Fraction of the target below which an interval is so narrow that chance alone seldom makes it so. */
const farNarrower = 0.5;

/** Further blocks that are required after the first block at which an interval was far narrower. */
const blocksAfterwards = 2;

/**
 * Difference beyond which a comparison of a run can be clear, as a fraction; null where none can: `precision` applies
 * to every interval.
 */
export function clearBeyond({
  precision,
  thresholds,
}: Pick<ResolvedConfig, 'precision' | 'thresholds'>): number | null {
  return precision === null ? thresholds.practical : null;
}

/** A smaller difference must be known to the practical threshold, too: who reads 0.8× wants to know whether it is 0.76 or 0.84. */
const largeFrom = Math.log(1.5);

/** Half-width below which a comparison at this distance from no difference is clear; 0 or less where it never is. */
export function clearHalfWidth(distance: number, practical: number): number {
  const band = Math.log1p(practical);
  const half = Math.min(distance / clearHalfWidths, distance - band);
  return distance < largeFrom ? Math.min(half, band) : half;
}

/**
 * True if the comparison is far from no difference. In simulations without a difference, 19 of 32 000 comparisons ended
 * so, each with a false claim: few compared with those that the level allows.
 */
function isClear({ estimate, low, high }: Shift, practical: number): boolean {
  const near = estimate > 0 ? low : -high;
  return near > Math.log1p(practical) && (high - low) / 2 < clearHalfWidth(Math.abs(estimate), practical);
}

/** With fewer pairs only a large difference is clear: the interval of six pairs is their range, which is often narrow by chance. */
const fewestForSmall = 7;

/** Do the values without any one of them claim the same difference? Those that are too few for an interval lie in their range. */
function isClearWithoutAny(values: readonly number[], confidence: number, practical: number): boolean {
  const side = Math.sign(values.reduce((sum, value) => sum + value, 0));
  return values.every((_, left) => {
    const others = values.toSpliced(left, 1).map((value) => side * value);
    const { estimate, low } = hodgesLehmann(others, confidence);
    return (low ?? Math.min(...others)) > 0 && estimate > Math.log1p(practical);
  });
}

/**
 * How much wider the side towards no difference of an interval is, where its comparison ended as `clear`. A comparison that
 * ends because it is far from no difference has often an estimate that is too far out, and a scatter that is small by chance; the
 * more so the later it became clear. With these factors the intervals of simulated runs hold the truth in at least 93 % of the
 * comparisons that ended so, in every band of pairs and for every runtime (docs/method.md, proof).
 */
const clearFactors = { atMinimum: 1.4, early: 2, later: 1.5 };

/** An end by as many pairs is early. */
const earlyUpTo = 10;

/** {@link clearFactors} for a comparison of so many pairs. */
export function clearFactor(pairs: number, minBlocks: number): number {
  if (pairs <= minBlocks) return clearFactors.atMinimum;
  return pairs <= earlyUpTo ? clearFactors.early : clearFactors.later;
}

/** A bound is moved towards 0 by no more than to this part of it: what ended as clear is not undone. */
const leftOfBound = 1 / 4;

/** Bounds whose side towards 0 is `factor` times as far from the estimate, but on the same side of 0 as it was. */
export function towardsZero<T extends { estimate: number; low: number | null; high: number | null }>(
  centre: T,
  factor: number,
): T {
  const { estimate, low, high } = centre;
  if (factor === 1 || low === null || high === null) return centre;
  if (estimate > 0) {
    const least = low > 0 ? leftOfBound * low : Number.NEGATIVE_INFINITY;
    return { ...centre, low: Math.max(estimate - factor * (estimate - low), least) };
  }
  const most = high < 0 ? leftOfBound * high : Number.POSITIVE_INFINITY;
  return { ...centre, high: Math.min(estimate + factor * (high - estimate), most) };
}

/** The values of one comparison in the order of their blocks. */
export type Pairs = readonly (readonly [runtime: number, baseline: number])[];

/** The pairs of values in the blocks that both have, in block order. */
export function pairsOf(runtime: ReadonlyMap<number, number>, baseline: ReadonlyMap<number, number>): Pairs {
  return [...runtime]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([block, value]) => {
      const reference = baseline.get(block);
      return reference === undefined ? [] : [[value, reference] as const];
    });
}

/**
 * The shift of the pairs of a comparison from the baseline; null while there is no interval. Where a value is not
 * positive the ratio is undefined, and the shift is the difference as a fraction of the baseline's mean size, or of the
 * runtime's where the baseline is always 0.
 */
export function shiftOf(pairs: Pairs, confidence: number): Shift | null {
  const values = shiftsOf(pairs);
  return values === null ? null : shiftOfValues(values, confidence);
}

/** The shift of each pair; null where one is not finite, and without pairs. */
function shiftsOf(pairs: Pairs): readonly number[] | null {
  if (pairs.length === 0) return null;
  const positive = pairs.every(([runtime, baseline]) => runtime > 0 && baseline > 0);
  const meanSize = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const size = meanSize(pairs.map(([, baseline]) => baseline)) || meanSize(pairs.map(([runtime]) => runtime));
  const values = pairs.map(([runtime, baseline]) => {
    if (positive) return Math.log(runtime) - Math.log(baseline);
    return runtime === baseline ? 0 : (runtime - baseline) / size;
  });
  return values.every(Number.isFinite) ? values : null;
}

/** The centre of values with its interval; null while there is none. */
export function shiftOfValues(values: readonly number[], confidence: number): Shift | null {
  if (values.length === 0) return null;
  const { estimate, low, high } = hodgesLehmann(values, confidence);
  return low === null || high === null ? null : { estimate, low, high };
}

/** Half the width of a ratio's interval, as a fraction of the ratio. */
export function relativeHalfWidth({ estimate, low, high }: Shift): number {
  return (Math.exp(high) - Math.exp(low)) / 2 / Math.exp(estimate);
}

/**
 * True if n pairs are enough for the target. The first half of them estimates how many the target takes. The second
 * half is always completed, and extended where the interval is too wide after it. Runs that stop as soon as an interval
 * is narrow enough stop at spreads that are small by chance, and their intervals miss more often than they say
 * (docs/method.md, proof).
 *
 * `widthOf`: half-width after this many of the pairs, as a multiple of the target; null where there is no interval.
 */
export function isPrecise(n: number, widthOf: (pairs: number) => number | null): boolean {
  const reached = widthOf(n);
  if (reached === null || reached > 1) return false;
  const half = Math.floor(n / 2);
  const atHalf = widthOf(half);
  if (atHalf !== null && atHalf * Math.sqrt(half / n) <= 1) return true;
  const before = widthOf(n - blocksAfterwards);
  return before !== null && before <= farNarrower;
}

/** Settings that decide whether a comparison is settled. `practical`: null where only the target counts. */
export interface SettlingRule {
  readonly confidence: number;
  readonly target: number;
  readonly practical: number | null;
}

/**
 * Whether a comparison needs more blocks. It depends only on the pairs so far, so a resumed run decides the same from
 * its records.
 */
export function settledBy(pairs: Pairs, rule: SettlingRule): SettledReason | null {
  const values = shiftsOf(pairs);
  return values === null
    ? null
    : settledAfter(values, (n) => shiftOf(pairs.slice(0, n), rule.confidence), rule);
}

/**
 * {@link settledBy} for the shifts of all pairs, and the centre of the first ones. What is clear must be so without any one of them:
 * one pair in ten that took five times as long hides a difference of a quarter, and no verdict may rest on one.
 */
export function settledAfter(
  values: readonly number[],
  shiftAfter: (pairs: number) => Shift | null,
  { confidence, target, practical }: SettlingRule,
): SettledReason | null {
  const n = values.length;
  const now = shiftAfter(n);
  if (now === null) return null;
  const mayEnd = n >= fewestForSmall || Math.abs(now.estimate) > largeFrom;
  if (
    practical !== null &&
    mayEnd &&
    isClear(now, practical) &&
    isClearWithoutAny(values, confidence, practical)
  )
    return 'clear';
  const widthOf = (first: number) => {
    const shift = first < 1 ? null : shiftAfter(first);
    return shift === null ? null : relativeHalfWidth(shift) / target;
  };
  return isPrecise(n, widthOf) ? 'precise' : null;
}

/** Could sampling have ended because a comparison was clear, by this rule or by a looser one? Its interval is then widened. */
export function mayBeClear(pairs: Pairs, confidence: number, practical: number): boolean {
  const shift = shiftOf(pairs, confidence);
  if (shift === null) return false;
  const near = shift.estimate > 0 ? shift.low : -shift.high;
  const isFar = Math.abs(shift.estimate) > (clearHalfWidths * (shift.high - shift.low)) / 2;
  return isFar && near > Math.log1p(practical);
}
