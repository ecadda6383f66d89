import { median } from 'simple-statistics';
import { middleOf, middleWeights } from '../../model/analysis/middle.ts';
import { blockVariance } from './block-variance.ts';
import { studentTwoSided } from './distributions.ts';
import { requireFinite } from './finite.ts';
import { flooredVariances, pauleMandel } from './paule-mandel.ts';

/** Values are logarithms of ratios: anything smaller than this is rounding. */
const rounding = 1e-12;

/** Logarithms of one subject's ratios by block. */
export type BlockSeries = ReadonlyMap<number, number>;

/**
 * A value further than so many robust deviations from the median of its series counts as one at that distance. The deviation of
 * fewer than ten values is too uncertain to say more than what is far out.
 */
const farthest = (n: number) => (n < 10 ? 5 : 3);

/** Where more of a series lies that far out, it has two groups of values, and neither is an outlier. */
const mostOutliers = 1 / 6;

/** Standard deviation of normal values ÷ their median absolute deviation, which is smaller in few values. */
const perMad = (n: number) => (1.4826 * n) / (n - 1.5);

/** The scatter of a series is as uncertain as its few values; that of all series counts like so many more. */
const valuesOfAll = 6;

/**
 * Series in which an outlier weighs no more than a value at {@link farthest} robust deviations: Huber's M estimate, one step
 * from the median (P. J. Huber, Ann. Math. Stat. 35 (1964) 73). What is left of each value's distance from the new mean is divided
 * by the share of values within the bounds, so that the usual standard error of the mean is that of the estimate. A series of
 * which more than a sixth is out of bounds stays as it is, since a centre in one of two groups is none. Without
 * outliers the series are as they were. Without it, one trial in twenty that takes up to five times as long hides a difference
 * of 10 % in seven categories of ten.
 */
export function withoutOutliers(series: readonly BlockSeries[]): readonly BlockSeries[] {
  const found = series.map((values) => {
    const all = [...values.values()];
    const centre = median(all);
    const deviation = perMad(all.length) * median(all.map((value) => Math.abs(value - centre)));
    return { values, all, centre, deviation };
  });
  const usual = found.length === 0 ? 0 : median(found.map(({ deviation }) => deviation));
  return found.map(({ values, all, centre, deviation }) => {
    const n = all.length;
    const away = farthest(n) * Math.max(deviation, (n * deviation + valuesOfAll * usual) / (n + valuesOfAll));
    const bounded = (value: number) => Math.min(centre + away, Math.max(centre - away, value));
    const inside = all.filter((value) => bounded(value) === value).length;
    if (inside === n || n - inside > mostOutliers * n || away === 0) return values;
    const mean = all.reduce((sum, value) => sum + bounded(value), 0) / n;
    return new Map(
      [...values].map(([block, value]) => [block, mean + ((bounded(value) - mean) * n) / inside]),
    );
  });
}

/** The middle of the means of several series. */
export interface MiddleMean {
  readonly estimate: number;
  /** 0 where no series varies. */
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly df: number;
  /** In the order of the series; they sum up to 1. Those that count weigh the same. */
  readonly weights: readonly number[];
  /** Variance between the true means, by Paule and Mandel. It is no part of the estimate or its error. */
  readonly between: number;
  /** Blocks that hold at least one value. */
  readonly blocks: number;
}

/**
 * The middle of several series of one value a block: the mean of their means without the lowest and the highest (a trimmed mean). How
 * much a series varies does not change its weight, and none can carry the estimate: one that goes to any value moves it no further
 * than its neighbour lies.
 *
 * Its standard error is that of the series in the middle, robust against correlation within a block ({@link blockVariance}). In the
 * contribution of a block, the middle is that of all blocks but that one. Which series are in the middle is chance where several
 * are alike: the error is then too large, never too small.
 *
 * Throws RangeError without series, on a series of fewer than three values, and on a value that is not finite.
 */
export function middleMean(series: readonly BlockSeries[]): MiddleMean {
  if (series.length === 0) throw new RangeError('there is no series to take the middle of');
  for (const { size } of series)
    if (size < 3)
      throw new RangeError(`a series has ${size} values: its spread without one of them is not known`);
  for (const values of series) requireFinite(values.values());
  const moments = series.map(momentsOf);
  const means = moments.map(({ mean }) => mean);
  const weights = middleWeights(means);
  const blocks = new Set(series.flatMap((values) => [...values.keys()]));
  const residuals = series.map((values, s) => {
    const mean = means[s] ?? Number.NaN;
    return new Map([...values].map(([block, value]) => [block, value - mean]));
  });
  const without = (block: number) => middleWeights(meansWithout(block, series, moments));
  const { variance, df } = blockVariance(residuals, { blocks, weights, without });
  const standardError = Math.sqrt(variance);
  return {
    estimate: middleOf(means),
    standardError: standardError < rounding ? 0 : standardError,
    df,
    weights,
    between: varianceBetween(moments),
    blocks: blocks.size,
  };
}

/** Variance between the true means of several series; where none varies, that of their means. */
function varianceBetween(moments: readonly Moments[]): number {
  const means = moments.map(({ mean }) => mean);
  const variances = flooredVariances(moments.map(({ n, squares }) => squares / (n - 1) / n));
  if (variances !== null) return pauleMandel(means, variances);
  if (means.length < 2) return 0;
  const centre = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  return means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (means.length - 1);
}

/**
 * Two-sided p of "the middle is 0". Without any spread no error can be estimated: p is then the smallest p of a
 * sign test over as many blocks, 2^(−df), or 1 where the mean is 0.
 */
export function middleP({
  estimate,
  standardError,
  df,
}: Pick<MiddleMean, 'estimate' | 'standardError' | 'df'>): number {
  if (standardError > 0) return studentTwoSided(estimate / standardError, df);
  return Math.abs(estimate) < rounding ? 1 : 2 ** -df;
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sum of the squares around the mean. */
  readonly squares: number;
}

function momentsOf(values: BlockSeries): Moments {
  // Relative to the first, so that equal values have exactly no spread.
  const [first = 0] = values.values();
  let sum = 0;
  for (const value of values.values()) sum += value - first;
  const mean = first + sum / values.size;
  let squares = 0;
  for (const value of values.values()) squares += (value - mean) ** 2;
  return { n: values.size, mean, squares };
}

/** The means of the series without the values of one block. */
function meansWithout(
  block: number,
  series: readonly BlockSeries[],
  moments: readonly Moments[],
): readonly number[] {
  return moments.map(({ n, mean }, s) => {
    const value = series[s]?.get(block);
    return value === undefined ? mean : mean - (value - mean) / (n - 1);
  });
}
