import { gammaln } from 'simple-statistics';
import { requireFraction } from './finite.ts';

/** A distribution on the positive numbers. */
interface PositiveDistribution {
  /** P(X ≥ x), falling from 1 at 0 to 0. */
  readonly tail: (x: number) => number;
  readonly density: (x: number) => number;
}

/**
 * The x with P(X ≥ x) = `p`, to the last digits of a double: Newton's method on the logarithm of the tail, kept inside
 * a bracket; it also finds values far out in the tail. Throws RangeError unless 0 < `p` < 1.
 */
function tailQuantile({ tail, density }: PositiveDistribution, p: number): number {
  requireFraction('p', p);
  let [low, high] = [0, 1];
  while (tail(high) > p) [low, high] = [high, 2 * high];
  let x = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const there = tail(x);
    if (there > p) low = x;
    else high = x;
    const newton = x + (Math.log(there / p) * there) / density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 2 * Number.EPSILON * x) return next;
    x = next;
  }
  return x;
}

/** Horner's scheme; coefficients from the highest power down. */
function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const numerator = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const denominator = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];

/**
 * Φ(x), the standard normal distribution function, with a relative error below 1e-8 even far in the lower tail.
 *
 * J. F. Hart's rational approximation as given by G. West, "Better approximations to cumulative normal
 * functions", Wilmott Magazine (2005). simple-statistics has a table of Φ with two decimals of x instead.
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const density = Math.exp((-size * size) / 2);
  const tail =
    size < 7.07106781186547
      ? (density * polynomial(size, numerator)) / polynomial(size, denominator)
      : density / (size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))))) / Math.sqrt(2 * Math.PI);
  return x > 0 ? 1 - tail : tail;
}

/** The x with Φ(x) = p, by bisection; throws RangeError unless 0 < p < 1. */
export function normalQuantile(p: number): number {
  requireFraction('p', p);
  if (p > 0.5) return -normalQuantile(1 - p);
  let low = -37;
  let high = 0;
  for (let step = 0; step < 70; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** Relative size at which the rest of a series no longer counts. */
const gammaNegligible = 1e-16;
const gammaMaxTerms = 100_000;

/**
 * The regularised upper incomplete gamma function Q(a, x) = Γ(a, x)/Γ(a), for a > 0 and x ≥ 0, to about 12 digits, also
 * where it is tiny: the series of P = 1 − Q below x = a + 1, the continued fraction beyond (Abramowitz & Stegun, 6.5.29
 * and 6.5.31).
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`Q(${a}, ${x}) does not exist`);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.exp(a * Math.log(x) - x - gammaln(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < gammaMaxTerms && term > gammaNegligible * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction of Q(a, x), by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < gammaMaxTerms; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= gammaNegligible) break;
  }
  return value;
}

/** Relative size at which the rest of the continued fraction no longer counts. */
const negligible = 1e-16;
const maxTerms = 100_000;

/**
 * The continued fraction of the incomplete beta function (Abramowitz & Stegun, 26.5.8), by Lentz's method: times
 * x^a (1 − x)^b / (a B(a, b)) it is the regularised function. It converges fast for x < (a + 1)/(a + b + 2).
 */
function betaFraction(a: number, b: number, x: number): number {
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
  // x = df/(df + t²) and 1 − x: both computed directly, so that neither loses digits.
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

/**
 * ln B(df/2, ½). For many degrees of freedom, the difference of ln Γ is taken asymptotically: two large values would
 * lose digits.
 */
function logBeta(df: number): number {
  const a = df / 2;
  const logGammaHalf = Math.log(Math.PI) / 2;
  if (a <= 100) return gammaln(a) + logGammaHalf - gammaln(a + 0.5);
  const inverse = 1 / (a * a);
  const series = (1 / 8 - inverse * (1 / 192 - inverse * (1 / 640 - (inverse * 17) / 14_336))) / a;
  return logGammaHalf - Math.log(a) / 2 + series;
}

/** The x that a chi-square variable with `df` degrees of freedom exceeds with probability `p`, 0 < p < 1. */
export function chiSquareQuantile(p: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`df is ${df}: it must be positive`);
  const half = df / 2;
  return tailQuantile(
    {
      tail: (x) => upperGamma(half, x / 2),
      density: (x) => Math.exp((half - 1) * Math.log(x / 2) - x / 2 - gammaln(half)) / 2,
    },
    p,
  );
}

/** P(|Z| ≥ z) of a standard normal variable, to about 12 digits, also far out. */
export function normalTwoSided(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}

/** For z beyond this, the p value is no longer a normal double. */
const farthest = 37;

/** The z with P(|Z| ≥ z) = p: how many standard deviations a two-sided p value stands for; 0 for p = 1, at most 37. */
export function normalScore(p: number): number {
  if (p === 1) return 0;
  if (p === 0) return farthest;
  const normal = {
    tail: normalTwoSided,
    density: (z: number) => Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2),
  };
  return Math.min(farthest, tailQuantile(normal, p));
}
