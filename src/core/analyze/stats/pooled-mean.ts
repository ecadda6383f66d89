import { blockVariance } from './block-variance.ts';
import { requireFinite } from './finite.ts';
import { type PrecisionWeights, precisionWeights, type SeriesMean } from './precision-weights.ts';
import { studentTwoSided } from './student-t.ts';

/** Values are logarithms of ratios: what is smaller than this is rounding. */
const rounding = 1e-12;

/** Logarithms of one subject's ratios by block. */
export type Series = ReadonlyMap<number, number>;

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
 * Pool several series of one value a block: Σ weight·mean with {@link precisionWeights}. Its standard error is robust against
 * correlation of the series within a block ({@link blockVariance}). It is about these series and these weights; `between` is
 * beside it, not in it.
 *
 * The weights come from the same values as the standard error, which a series that varies little by chance would make too
 * small (twice the nominal errors at 8 blocks, simulated). In what block b adds to the variance, the weights are therefore those
 * of all blocks but b. With given weights and every series in every block, it is the t test of the blocks' weighted means.
 *
 * Throws RangeError without series, on a series of fewer than three values, and on a value that is not finite.
 */
export function pooledMean(series: readonly Series[]): PooledMean {
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
 * Two-sided p of "the pooled mean is 0". Without any spread no error can be estimated: then the smallest p of a sign test over
 * as many blocks, 2^(−df), or 1 where the mean is 0.
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

function momentsOf(values: Series): Moments {
  // Relative to the first, so that equal values have no spread at all.
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

/** The weights as they were without one block. */
function weightsWithout(
  block: number,
  series: readonly Series[],
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
