import { gammaln } from 'simple-statistics';

/** Relative size at which the rest of the continued fraction no longer counts. */
const negligible = 1e-16;
const maxTerms = 100_000;

/**
 * The continued fraction of the incomplete beta function (Abramowitz & Stegun, 26.5.8), by Lentz's method: times
 * x^a (1 − x)^b / (a B(a, b)) it is the regularised function. It converges fast for x < (a + 1)/(a + b + 2).
 */
export function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= negligible) break;
  }
  return value;
}

/**
 * P(F ≥ f) of Fisher's F with `df1` and `df2` degrees of freedom (positive, also fractions), to about 10 digits (Abramowitz &
 * Stegun, 26.6.2). Throws RangeError on other degrees of freedom and on NaN.
 */
export function fisherTail(f: number, df1: number, df2: number): number {
  if (!(df1 > 0 && df2 > 0)) throw new RangeError(`df are ${df1} and ${df2}: they must be positive`);
  if (Number.isNaN(f)) throw new RangeError('f is not a number');
  if (f <= 0) return 1;
  if (!Number.isFinite(f)) return 0;
  const [a, b] = [df2 / 2, df1 / 2];
  const part = (df1 * f) / df2;
  // Both directly, so that neither loses digits.
  const [x, rest] = [1 / (1 + part), part / (1 + part)];
  const scale = Math.exp(
    gammaln(a + b) - gammaln(a) - gammaln(b) - a * Math.log1p(part) + b * Math.log(rest),
  );
  return x < (a + 1) / (a + b + 2)
    ? (scale * betaFraction(a, b, x)) / a
    : 1 - (scale * betaFraction(b, a, rest)) / b;
}
