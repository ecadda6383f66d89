import { median } from 'simple-statistics';
import { blockVariance } from './block-variance.ts';
import { studentTwoSided } from './distributions.ts';
import { requireFinite } from './finite.ts';
import { flooredVariances, pauleMandel } from './paule-mandel.ts';

/** Mean of one series, and the square of its standard error. */
interface SeriesMean {
  readonly mean: number;
  readonly variance: number;
}

/** Weights of several means, which sum up to 1, and the variance between their true values. */
interface PrecisionWeights {
  readonly weights: readonly number[];
  readonly between: number;
}

/**
 * Weights by precision and spread: 1/(variance + between), where `between` is the variance of the true means by {@link
 * pauleMandel}, of variances by {@link flooredVariances}. Where no series varies, all weigh the same.
 */
export function precisionWeights(series: readonly SeriesMean[]): PrecisionWeights {
  const variances = flooredVariances(series.map(({ variance }) => variance));
  if (variances === null) return { weights: series.map(() => 1 / series.length), between: spread(series) };
  const between = pauleMandel(
    series.map(({ mean }) => mean),
    variances,
  );
  const raw = variances.map((variance) => 1 / (variance + between));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { weights: raw.map((weight) => weight / total), between };
}

/** Variance of means that are known exactly; 0 for a single one. */
function spread(series: readonly SeriesMean[]): number {
  if (series.length < 2) return 0;
  const centre = series.reduce((sum, { mean }) => sum + mean, 0) / series.length;
  return series.reduce((sum, { mean }) => sum + (mean - centre) ** 2, 0) / (series.length - 1);
}

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

/** A weighted mean of the means of several series. */
export interface PooledMean {
  readonly estimate: number;
  /** 0 where no series varies. */
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly df: number;
  /** In the order of the series; they sum up to 1. */
  readonly weights: readonly number[];
  /** Variance between the true means, by Paule and Mandel. */
  readonly between: number;
  /** Blocks that hold at least one value. */
  readonly blocks: number;
}

/**
 * Pool several series of one value a block: Σ weight·mean with {@link precisionWeights}. Its standard error is robust
 * against correlation of the series within a block ({@link blockVariance}). It describes these series with these
 * weights; `between` is reported separately and is not part of it.
 *
 * The weights come from the same values as the standard error; a series that varies little by chance would make it too
 * small (twice the nominal errors at 8 blocks, simulated). In the contribution of block b to the variance, the weights
 * are therefore those of all blocks but b. With fixed weights and every series in every block, it is the t test of the
 * blocks' weighted means.
 *
 * Throws RangeError without series, on a series of fewer than three values, and on a value that is not finite.
 */
export function pooledMean(series: readonly BlockSeries[]): PooledMean {
  if (series.length === 0) throw new RangeError('there is no series to pool');
  for (const { size } of series)
    if (size < 3)
      throw new RangeError(`a series has ${size} values: its spread without one of them is not known`);
  for (const values of series) requireFinite(values.values());
  const moments = series.map(momentsOf);
  const { weights, between } = precisionWeights(moments.map((own) => meanOf(own)));
  const blocks = new Set(series.flatMap((values) => [...values.keys()]));
  const residuals = series.map((values, s) => {
    const mean = moments[s]?.mean ?? Number.NaN;
    return new Map([...values].map(([block, value]) => [block, value - mean]));
  });
  const without = (block: number) => weightsWithout(block, series, moments).weights;
  const { variance, df } = blockVariance(residuals, { blocks, weights, without });
  const standardError = Math.sqrt(variance);
  return {
    estimate: weights.reduce((sum, weight, s) => sum + weight * (moments[s]?.mean ?? Number.NaN), 0),
    standardError: standardError < rounding ? 0 : standardError,
    df,
    weights,
    between,
    blocks: blocks.size,
  };
}

/**
 * Two-sided p of "the pooled mean is 0". Without any spread no error can be estimated: p is then the smallest p of a
 * sign test over as many blocks, 2^(−df), or 1 where the mean is 0.
 */
export function pooledP({
  estimate,
  standardError,
  df,
}: Pick<PooledMean, 'estimate' | 'standardError' | 'df'>): number {
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

function meanOf({ n, mean, squares }: Moments): SeriesMean {
  return { mean, variance: squares / (n - 1) / n };
}

/** The weights computed without one block. */
function weightsWithout(
  block: number,
  series: readonly BlockSeries[],
  moments: readonly Moments[],
): PrecisionWeights {
  return precisionWeights(
    moments.map((own, s) => {
      const value = series[s]?.get(block);
      if (value === undefined) return meanOf(own);
      const { n, mean, squares } = own;
      const apart = value - mean;
      return meanOf({
        n: n - 1,
        mean: mean - apart / (n - 1),
        squares: Math.max(0, squares - (apart * apart * n) / (n - 1)),
      });
    }),
  );
}
