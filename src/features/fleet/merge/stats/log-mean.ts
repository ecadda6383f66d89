import { studentQuantile } from '../../../../core/analyze/stats/distributions.ts';

/** The mean of the logarithms of a ratio, with its variance; null if unknown. */
export interface LogMean {
  readonly mean: number;
  readonly variance: number | null;
  /** Degrees of freedom of `variance`. */
  readonly df: number;
}

/**
 * Reads a ratio and its interval, which misses with probability `alpha` and is of `values` values, as a mean of logarithms;
 * the variance is null without an interval.
 */
export function logMeanOf(
  ratio: number,
  low: number | null,
  high: number | null,
  values: number,
  alpha = 0.05,
): LogMean {
  const [mean, df] = [Math.log(ratio), Math.max(1, values - 1)];
  if (low === null || high === null || !(low > 0) || !Number.isFinite(high))
    return { mean, variance: null, df };
  const error = (Math.log(high) - Math.log(low)) / (-2 * studentQuantile(alpha / 2, df));
  return { mean, variance: error * error, df };
}
