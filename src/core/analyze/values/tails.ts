import { quantileSorted } from 'simple-statistics';
import type { SummaryRow } from '../../model/analysis/analysis.ts';
import { at, sortedFinite } from '../stats/finite.ts';
import { p95MinimumN, quantileRanks } from '../stats/order-statistic.ts';

type Tail = NonNullable<SummaryRow['tail']>;

const probability = 0.95;

/**
 * The ratio of the 95th percentiles of two samples (type 7). A ratio of medians or of paired values does not show the
 * tail.
 *
 * Its interval divides the bounds of the two percentiles' own intervals, each with half of the allowed misses, so it
 * covers at least as often as it says, whatever the distributions (at 95 % it needs 86 values of both). Null below 20
 * values of either, or where a value is not positive.
 */
export function tailOf(
  runtime: Iterable<number>,
  baseline: Iterable<number>,
  confidence: number,
): Tail | null {
  const [own, reference] = [sortedFinite([...runtime]), sortedFinite([...baseline])];
  if (own.length < p95MinimumN || reference.length < p95MinimumN) return null;
  if (at(own, 0) <= 0 || at(reference, 0) <= 0) return null;
  const [p95, baselineP95] = [percentile(own), percentile(reference)];
  const each = (1 + confidence) / 2;
  const [a, b] = [bounds(own, each), bounds(reference, each)];
  const bounded = a !== null && b !== null;
  return {
    p95,
    baselineP95,
    ratio: p95 / baselineP95,
    low: bounded ? a.low / b.high : null,
    high: bounded ? a.high / b.low : null,
  };
}

function percentile(sorted: Float64Array): number {
  return quantileSorted(Array.from(sorted), probability);
}

function bounds(sorted: Float64Array, confidence: number) {
  const ranks = quantileRanks(sorted.length, probability, confidence);
  return ranks === null ? null : { low: at(sorted, ranks.low - 1), high: at(sorted, ranks.high - 1) };
}

/** The tail with its interval `factor` times as wide, on the scale of logarithms. */
export function widenedTail(tail: Tail, factor: number): Tail {
  const away = (bound: number | null) =>
    bound === null ? null : tail.ratio * (bound / tail.ratio) ** factor;
  return factor === 1 ? tail : { ...tail, low: away(tail.low), high: away(tail.high) };
}
