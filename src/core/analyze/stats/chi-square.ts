import { gammaln } from 'simple-statistics';
import { upperGamma } from './gamma.ts';
import { tailQuantile } from './tail-root.ts';

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

/** Beyond this a p value is no longer a normal double. */
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
