import { median } from 'simple-statistics';
import { at, requireFinite } from './finite.ts';

/** Relative step below which the root no longer moves. */
const converged = 1e-14;
const maxSteps = 200;

/** Means of one value, and the squares of their standard errors (all above 0). */
export interface KnownMeans {
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/**
 * The variance between the true values of several means, where `variances` are the squares of their standard errors
 * (all above 0): the t ≥ 0 at which Σ (mean − μ)²/(variance + t) equals its expectation, the number of means less one;
 * μ is the mean weighted by 1/(variance + t). 0 where the means differ by no more than their errors explain, and for
 * one mean.
 *
 * R. C. Paule & J. Mandel, J. Res. Natl. Bur. Stand. 87 (1982) 377. Newton's method from 0 rises to the root, because
 * the sum falls and is convex. Throws RangeError on a value that is not finite and on a variance that is not positive.
 */
export function pauleMandel(means: readonly number[], variances: readonly number[]): number {
  return commonPauleMandel([{ means, variances }]);
}

/**
 * The variance that several values have in common, each with means and a centre of its own: the t of {@link
 * pauleMandel} at which the sums of all values together equal their expectations.
 */
export function commonPauleMandel(values: readonly KnownMeans[]): number {
  for (const { means, variances } of values) {
    requireFinite(means);
    requireFinite(variances);
    if (variances.some((variance) => variance <= 0))
      throw new RangeError('a variance is not positive: a weight would be infinite');
  }
  // Of one mean, rounding could leave an excess where there is none, and its root could be anywhere.
  const several = values.filter(({ means }) => means.length > 1);
  let between = 0;
  for (let step = 0; step < maxSteps; step++) {
    let [excess, slope] = [0, 0];
    for (const value of several) {
      const own = excessAt(between, value);
      excess += own.excess;
      slope += own.slope;
    }
    if (excess <= 0 || slope === 0) return between;
    const next = between + excess / slope;
    if (next - between <= converged * next) return next;
    between = next;
  }
  return between;
}

/** Excess of the sum over its expectation, and the slope of its fall. */
function excessAt(between: number, { means, variances }: KnownMeans) {
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

/** Minimum variance of a mean, as a fraction of the median one: a mean that hardly varies must not get all the weight. */
const leastPart = 1 / 4;

/**
 * The variances of several means, of which those below a quarter of the median count as that quarter; means without any
 * variance do not count in the median. Null where no mean has a variance.
 */
export function flooredVariances(variances: readonly number[]): readonly number[] | null {
  const varying = variances.filter((variance) => variance > 0);
  if (varying.length === 0) return null;
  const least = leastPart * median(varying);
  return variances.map((variance) => Math.max(variance, least));
}
