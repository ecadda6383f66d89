import { studentTwoSided } from '../../../core/analyze/stats/distributions.ts';
import { resolution, rules } from './alarm-thresholds.ts';
import { level } from './level.ts';
import type { Measure, Night } from './series.ts';

/** A value with its variance. */
interface Estimate {
  readonly log: number;
  readonly variance: number;
}

/** First run and rerun of a night together, weighted by precision. */
export function estimateOf({ confirmation, ...first }: Night): Estimate {
  const measures: readonly Measure[] = confirmation === undefined ? [first] : [first, confirmation];
  return pooled(measures.map(({ log, se }) => ({ log, variance: Math.max(se, resolution) ** 2 })));
}

/** Precision-weighted mean of independent estimates of one value. */
export function pooled(estimates: readonly Estimate[]): Estimate {
  let [sum, weight] = [0, 0];
  for (const { log, variance } of estimates) {
    sum += log / variance;
    weight += 1 / variance;
  }
  return { log: sum / weight, variance: 1 / weight };
}

/** A value and its weight. */
export interface WeightedValue {
  readonly log: number;
  readonly weight: number;
}

/**
 * Difference between the values before and after each split: the energy statistic of E-divisive (D. Matteson & N. James,
 * J. Am. Stat. Assoc. 109 (2014) 334), here weighted: W·V/(W+V)·(2·mean|x−y| − mean|x−x'| − mean|y−y'|), where W and V are the
 * sums of weights on both sides. Split i (1…n−1) has index i−1; its second part begins with value i. O(n²).
 */
export function energyOfSplits(values: readonly WeightedValue[]): number[] {
  const n = values.length;
  const distance = (i: number, j: number) => {
    const [a, b] = [values[i], values[j]];
    return a === undefined || b === undefined ? 0 : a.weight * b.weight * Math.abs(a.log - b.log);
  };
  const sumTo = (i: number, from: number, to: number) => {
    let sum = 0;
    for (let j = from; j < to; j++) sum += distance(i, j);
    return sum;
  };
  const right = { within: 0, weight: 0, squares: 0 };
  values.forEach(({ weight }, i) => {
    right.within += sumTo(i, 0, i);
    right.weight += weight;
    right.squares += weight * weight;
  });
  const left = { within: 0, weight: 0, squares: 0 };
  let across = 0;
  const splits: number[] = [];
  values.forEach(({ weight }, i) => {
    const [before, after] = [sumTo(i, 0, i), sumTo(i, i + 1, n)];
    left.within += before;
    right.within -= after;
    across += after - before;
    left.weight += weight;
    right.weight -= weight;
    left.squares += weight * weight;
    right.squares -= weight * weight;
    if (i === n - 1) return;
    const energy = (2 * across) / (left.weight * right.weight) - meanWithin(left) - meanWithin(right);
    splits.push(((left.weight * right.weight) / (left.weight + right.weight)) * energy);
  });
  return splits;
}

/** Weighted mean distance of pairs; 0 for a single value. The tolerance absorbs the rounding error of a zero difference. */
function meanWithin({
  within,
  weight,
  squares,
}: {
  within: number;
  weight: number;
  squares: number;
}): number {
  const pairs = weight * weight - squares;
  return pairs <= 1e-9 * weight * weight ? 0 : (2 * within) / pairs;
}

/** Number of last nights used, as in Hunter (M. Fleming et al., ICPE 2023): older nights hardly matter. */
const window = 50;
/** A night is a plausible first night up to this increase of the sum of squares, in variances (95 %, chi-square with 1 df). */
const plausible = 3.84;

/** When a series changed, and by how much. */
export interface ChangeDate {
  /** The first night of the change, and its place among the nights. */
  readonly night: string;
  readonly place: number;
  /** Plausible range of the first night: `earliest` to `latest`. */
  readonly earliest: string;
  readonly latest: string;
  /** Place of `earliest` among the nights. */
  readonly earliestPlace: number;
  /**
   * p of the t test of nights before against nights since, multiplied by the number of possible splits (Bonferroni); at most 1.
   */
  readonly p: number;
  /** Change of the logarithm. */
  readonly change: number;
}

/**
 * Dates a change that is known to be in these nights (one segment, in order). E-divisive chooses the first night, Student's t
 * tests it. Nights are weighted by precision; a rerun belongs to its night. Null for fewer than three nights.
 */
export function since(nights: readonly Night[]): ChangeDate | null {
  const last = nights.slice(-window);
  if (last.length < 3) return null;
  const { tauSquared } = level(last, rules.pin);
  const values = last.map((night): WeightedValue => {
    const { log, variance } = estimateOf(night);
    return { log, weight: 1 / (variance + tauSquared) };
  });
  const energies = energyOfSplits(values);
  const first = 1 + energies.indexOf(Math.max(...energies));
  const splits = energies.map((_, i) => splitAt(values, i + 1));
  const chosen = splits[first - 1] ?? splitAt(values, first);
  const least = splits.reduce((so, { squares }) => Math.min(so, squares), Number.POSITIVE_INFINITY);
  const scale = Math.max(least / (last.length - 2), 1);
  const candidates = splits.flatMap(({ squares }, i) =>
    squares - least <= plausible * scale ? [i + 1] : [],
  );
  const nightAt = (i: number) => last[i]?.night ?? '';
  const earliest = Math.min(first, ...candidates);
  const skipped = nights.length - last.length;
  const t = chosen.change / Math.sqrt((chosen.squares / (last.length - 2)) * chosen.variance);
  return {
    night: nightAt(first),
    place: skipped + first,
    earliest: nightAt(earliest),
    earliestPlace: skipped + earliest,
    latest: nightAt(Math.max(first, ...candidates)),
    p: Math.min(1, splits.length * studentTwoSided(t, last.length - 2)),
    change: chosen.change,
  };
}

/** Fits two levels: their difference, its variance in units of the weights, and the weighted sum of squared residuals. */
function splitAt(values: readonly WeightedValue[], first: number) {
  const [before, after] = [moments(values.slice(0, first)), moments(values.slice(first))];
  return {
    change: after.mean - before.mean,
    variance: 1 / before.weight + 1 / after.weight,
    squares: before.squares + after.squares,
  };
}

function moments(values: readonly WeightedValue[]) {
  let [weight, sum, squares] = [0, 0, 0];
  for (const value of values) {
    weight += value.weight;
    sum += value.weight * value.log;
  }
  const mean = sum / weight;
  for (const value of values) squares += value.weight * (value.log - mean) ** 2;
  return { weight, mean, squares };
}
