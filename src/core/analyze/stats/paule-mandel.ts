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
