import { median } from 'simple-statistics';
import { at, requireFinite } from './finite.ts';

/** Relative step below which the root no longer moves. */
const converged = 1e-14;
const maxSteps = 200;

/**
 * The variance between the true values of several means, where `variances` are the squares of their standard errors (all above
 * 0): the t ≥ 0 at which Σ (mean − μ)²/(variance + t) is its expectation, one less than their number; μ is the mean weighted by
 * 1/(variance + t). 0 where the means differ by no more than their errors say, and for one mean.
 *
 * R. C. Paule & J. Mandel, J. Res. Natl. Bur. Stand. 87 (1982) 377. Newton's method from 0 rises to the root, because the sum
 * falls and is convex. Throws RangeError on a value that is not finite and on a variance that is not positive.
 */
export function pauleMandel(means: readonly number[], variances: readonly number[]): number {
  requireFinite(means);
  requireFinite(variances);
  if (variances.some((variance) => variance <= 0))
    throw new RangeError('a variance is not positive: a weight would be infinite');
  // Rounding can leave an excess where there is none, and its root is anywhere.
  if (means.length < 2) return 0;
  let between = 0;
  for (let step = 0; step < maxSteps; step++) {
    const { excess, slope } = excessAt(between, means, variances);
    if (excess <= 0 || slope === 0) return between;
    const next = between + excess / slope;
    if (next - between <= converged * next) return next;
    between = next;
  }
  return between;
}

/** By how much the sum exceeds its expectation, and how fast it falls. */
function excessAt(between: number, means: readonly number[], variances: readonly number[]) {
  let [total, weighted] = [0, 0];
  for (let i = 0; i < means.length; i++) {
    const weight = 1 / (at(variances, i) + between);
    total += weight;
    weighted += weight * at(means, i);
  }
  const centre = weighted / total;
  let [sum, slope] = [0, 0];
  for (let i = 0; i < means.length; i++) {
    const weight = 1 / (at(variances, i) + between);
    const square = weight * (at(means, i) - centre) ** 2;
    sum += square;
    slope += weight * square;
  }
  return { excess: sum - (means.length - 1), slope };
}

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
