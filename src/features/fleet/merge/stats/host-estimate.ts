import { studentQuantile } from '../../../../core/analyze/stats/distributions.ts';
import { requireFinite } from '../../../../core/analyze/stats/finite.ts';
import { type EstimatedMean, heterogeneity } from '../../../../core/analyze/stats/heterogeneity.ts';
import type { LogMean } from '../../../../core/analyze/stats/log-mean.ts';
import { precisionWeights } from '../../../../core/analyze/stats/pooled-mean.ts';

/** Minimum number of hosts for claims and predictions: one degree of freedom gives no usable spread. */
export const leastForClaims = 3;

/** The mean over hosts, each with one vote. */
export interface HostEstimate {
  readonly estimate: number;
  /** 0 if all hosts are equal, and for a single host. */
  readonly standardError: number;
  /** Number of hosts minus 1. */
  readonly df: number;
  /** Observed variance between hosts: true differences and noise. */
  readonly spread: number;
  /** Estimated variance between the true values of the hosts (Paule and Mandel). */
  readonly between: number;
  /** p of the test that the hosts do not differ; null if fewer than two hosts have a known error. */
  readonly differP: number | null;
}

/**
 * The unweighted mean of the hosts, with an error from their spread only: a precise host, or one with many runs, does not count
 * more. Throws RangeError without hosts, and on a value that is not finite.
 */
export function hostEstimate(votes: readonly LogMean[]): HostEstimate {
  if (votes.length === 0) throw new RangeError('there is no host');
  requireFinite(votes.map(({ mean }) => mean));
  const n = votes.length;
  const estimate = votes.reduce((sum, { mean }) => sum + mean, 0) / n;
  const spread = n < 2 ? 0 : votes.reduce((sum, { mean }) => sum + (mean - estimate) ** 2, 0) / (n - 1);
  const sure = votes.flatMap(({ mean, variance, df }): EstimatedMean[] =>
    variance !== null && variance > 0 && df > 0 ? [{ mean, variance, df }] : [],
  );
  return {
    estimate,
    standardError: Math.sqrt(spread / n),
    df: n - 1,
    spread,
    between: sure.length < 2 ? spread : precisionWeights(sure).between,
    differP: sure.length < 2 ? null : heterogeneity(sure).p,
  };
}

/** An interval of logarithms. */
export interface LogInterval {
  readonly low: number;
  readonly high: number;
}

/** The t interval of the mean over the population of hosts, with error probability `miss`; null for one host. */
export function meanInterval(
  { estimate, standardError, df }: HostEstimate,
  miss: number,
): LogInterval | null {
  if (df < 1) return null;
  const half = -studentQuantile(miss / 2, df) * standardError;
  return { low: estimate - half, high: estimate + half };
}

/**
 * Prediction interval for a run on one more host of the kind, with error probability `miss`: mean ± t √(s² (1 + 1/n)). It
 * covers the run's noisy value, and so the host's true value at least as often. Null below {@link leastForClaims} hosts.
 */
export function predictionInterval({ estimate, spread, df }: HostEstimate, miss: number): LogInterval | null {
  if (df < leastForClaims - 1) return null;
  const half = -studentQuantile(miss / 2, df) * Math.sqrt(spread * (1 + 1 / (df + 1)));
  return { low: estimate - half, high: estimate + half };
}
