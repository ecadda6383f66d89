import { gammaln } from 'simple-statistics';
import { betaFraction } from './beta.ts';
import { tailQuantile } from './tail-root.ts';

/**
 * P(|T| ≥ |t|) of Student's t with `df` degrees of freedom (a positive integer), to about 11 digits, also where it is tiny: the
 * regularised incomplete beta function I(df/2, ½) of df/(df + t²) by its continued fraction (Abramowitz & Stegun, 26.5.8 and
 * 26.7.1). Throws RangeError on any other `df` and on NaN.
 */
export function studentTwoSided(t: number, df: number): number {
  requireDegrees(df);
  if (Number.isNaN(t)) throw new RangeError('t is not a number');
  if (!Number.isFinite(t)) return 0;
  if (t === 0) return 1;
  const square = (t * t) / df;
  // Of x = df/(df + t²) and of 1 − x: both directly, so that neither loses digits.
  const [x, rest] = [1 / (1 + square), square / (1 + square)];
  const [a, b] = [df / 2, 0.5];
  const scale = Math.exp(-logBeta(df) - a * Math.log1p(square) + b * Math.log(rest));
  return x < (a + 1) / (a + b + 2)
    ? (scale * betaFraction(a, b, x)) / a
    : 1 - (scale * betaFraction(b, a, rest)) / b;
}

/**
 * The t that a variable with Student's distribution lies below with probability `p` (as R's qt), 0 < p < 1. Small `p` keep all
 * digits; for `p` near 1 pass 1 − p and negate.
 */
export function studentQuantile(p: number, df: number): number {
  requireDegrees(df);
  if (p > 0.5) return -studentQuantile(1 - p, df);
  if (p === 0.5) return 0;
  const log = -logBeta(df) - Math.log(df) / 2;
  return -tailQuantile(
    {
      tail: (t) => studentTwoSided(t, df),
      density: (t) => 2 * Math.exp(log - ((df + 1) / 2) * Math.log1p((t * t) / df)),
    },
    2 * p,
  );
}

function requireDegrees(df: number): void {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`df is ${df}: it must be a positive integer`);
}

/** ln B(df/2, ½). The two large logarithms of Γ would cancel each other's digits: for many degrees, their asymptotic difference. */
function logBeta(df: number): number {
  const a = df / 2;
  const logGammaHalf = Math.log(Math.PI) / 2;
  if (a <= 100) return gammaln(a) + logGammaHalf - gammaln(a + 0.5);
  const inverse = 1 / (a * a);
  const series = (1 / 8 - inverse * (1 / 192 - inverse * (1 / 640 - (inverse * 17) / 14_336))) / a;
  return logGammaHalf - Math.log(a) / 2 + series;
}
