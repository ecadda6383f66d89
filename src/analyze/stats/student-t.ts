import { normalCdf } from './normal.ts';

/**
 * P(|T| ≥ |t|) of Student's t with `df` degrees of freedom (a positive integer). Exact up to 400 degrees of freedom, by
 * the finite sums of Abramowitz & Stegun, 26.7.3–26.7.4. Beyond, by Wallace's transformation to the normal, whose error
 * is below 1e-5. Below about 1e-14 only rounding is left. Throws RangeError on any other `df` and on NaN.
 */
export function studentTwoSided(t: number, df: number): number {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`df is ${df}: it must be a positive integer`);
  if (Number.isNaN(t)) throw new RangeError('t is not a number');
  if (!Number.isFinite(t)) return 0;
  if (df > 400) {
    const z = ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df));
    return 2 * normalCdf(-z);
  }
  const angle = Math.atan(Math.abs(t) / Math.sqrt(df));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = df % 2 === 1;
  // Σ cosᵏ with the coefficients 1, 2/3, 2·4/(3·5) … for odd df, 1, 1/2, 1·3/(2·4) … for even.
  let term = odd ? cosine : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return Math.max(0, 1 - within);
}
