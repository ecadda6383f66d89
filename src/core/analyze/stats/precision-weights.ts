import { median } from 'simple-statistics';
import { pauleMandel } from './paule-mandel.ts';

/** Mean of one series, and the square of its standard error. */
export interface SeriesMean {
  readonly mean: number;
  readonly variance: number;
}

/** A variance counts as at least this part of the median one: a series that hardly varies must not stand for all. */
const leastPart = 1 / 4;

/** Weights of several means, which sum up to 1, and the variance between their true values. */
export interface PrecisionWeights {
  readonly weights: readonly number[];
  readonly between: number;
}

/**
 * Weights by precision and spread: 1/(variance + between), with the variance `between` the true means by
 * {@link pauleMandel}. A variance below a quarter of the median counts as that quarter; series without any variance do not
 * count in the median. Where none varies, all weigh the same.
 */
export function precisionWeights(series: readonly SeriesMean[]): PrecisionWeights {
  const varying = series.map(({ variance }) => variance).filter((variance) => variance > 0);
  if (varying.length === 0) return { weights: series.map(() => 1 / series.length), between: spread(series) };
  const least = leastPart * median(varying);
  const variances = series.map(({ variance }) => Math.max(variance, least));
  const between = pauleMandel(
    series.map(({ mean }) => mean),
    variances,
  );
  const raw = variances.map((variance) => 1 / (variance + between));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { weights: raw.map((weight) => weight / total), between };
}

/** Variance of means that are known exactly; 0 of one. */
function spread(series: readonly SeriesMean[]): number {
  if (series.length < 2) return 0;
  const centre = series.reduce((sum, { mean }) => sum + mean, 0) / series.length;
  return series.reduce((sum, { mean }) => sum + (mean - centre) ** 2, 0) / (series.length - 1);
}
