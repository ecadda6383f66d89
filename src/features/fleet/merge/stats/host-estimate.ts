import {
  normalScore,
  studentQuantile,
  studentTwoSided,
  upperGamma,
} from '../../../../core/analyze/stats/distributions.ts';
import { requireFinite } from '../../../../core/analyze/stats/finite.ts';
import { precisionWeights } from '../../../../core/analyze/stats/pooled-mean.ts';

/** The mean of one host, the square of its standard error (above 0), and the degrees of freedom of that. */
interface HostMean {
  readonly mean: number;
  readonly variance: number;
  readonly df: number;
}

/**
 * p of "the hosts do not differ", where each knows its own error from a handful of blocks: the distance of each host from their
 * weighted mean, as the normal score of its t test, squared and summed like Cochran's Q. Q itself takes the errors as known, and
 * Welch's analysis of variance holds for few hosts only: with 100 of 8 blocks it claims three times as often as it may. 1 for one
 * host.
 */
export function differP(hosts: readonly HostMean[]): number {
  if (hosts.length < 2) return 1;
  const total = hosts.reduce((sum, { variance }) => sum + 1 / variance, 0);
  const centre = hosts.reduce((sum, { mean, variance }) => sum + mean / variance, 0) / total;
  const sum = hosts.reduce((all, { mean, variance, df }) => {
    // The host is itself a part of the mean.
    const apart = 1 - 1 / variance / total;
    if (!(apart > 0)) return all;
    const t = Math.abs(mean - centre) / Math.sqrt(variance * apart);
    return all + apart * normalScore(studentTwoSided(t, df)) ** 2;
  }, 0);
  return upperGamma((hosts.length - 1) / 2, sum / 2);
}

/** With fewer hosts nothing is claimed and nothing is predicted: one degree of freedom knows no spread. */
export const leastForClaims = 3;

/** What one host says: the mean of its logarithms, and how sure it is; null where nobody knows. */
export interface Vote {
  readonly mean: number;
  readonly variance: number | null;
  /** Degrees of freedom of `variance`. */
  readonly df: number;
}

/** The mean over hosts, each with one vote. */
export interface HostEstimate {
  readonly estimate: number;
  /** 0 where all hosts say the same, and for one host. */
  readonly standardError: number;
  /** Hosts less one. */
  readonly df: number;
  /** Variance between what the hosts say: their true differences and their noise. */
  readonly spread: number;
  /** Variance between the true values of the hosts, by Paule and Mandel. */
  readonly between: number;
  /** Of the test that the hosts do not differ; null where fewer than two know their error. */
  readonly differP: number | null;
}

/**
 * The unweighted mean of the hosts. Its error comes from the spread of the hosts alone, so that neither a noisy host nor a host
 * with many runs counts more. Throws RangeError without hosts, and on a value that is not finite.
 */
export function hostEstimate(votes: readonly Vote[]): HostEstimate {
  if (votes.length === 0) throw new RangeError('there is no host');
  requireFinite(votes.map(({ mean }) => mean));
  const n = votes.length;
  const estimate = votes.reduce((sum, { mean }) => sum + mean, 0) / n;
  const spread = n < 2 ? 0 : votes.reduce((sum, { mean }) => sum + (mean - estimate) ** 2, 0) / (n - 1);
  const sure = votes.flatMap(({ mean, variance, df }): HostMean[] =>
    variance !== null && variance > 0 && df > 0 ? [{ mean, variance, df }] : [],
  );
  return {
    estimate,
    standardError: Math.sqrt(spread / n),
    df: n - 1,
    spread,
    between: sure.length < 2 ? spread : precisionWeights(sure).between,
    differP: sure.length < 2 ? null : differP(sure),
  };
}

/** An interval of logarithms. */
export interface LogInterval {
  readonly low: number;
  readonly high: number;
}

/** The t interval of the mean over all hosts like these, which misses with probability `miss`; null for one host. */
export function meanInterval(
  { estimate, standardError, df }: HostEstimate,
  miss: number,
): LogInterval | null {
  if (df < 1) return null;
  const half = -studentQuantile(miss / 2, df) * standardError;
  return { low: estimate - half, high: estimate + half };
}

/**
 * Where a run on one more host of the kind would lie, but for `miss`: mean ± t √(s² (1 + 1/n)). It holds what the run would say,
 * noise included, and so the host's true value at least as often. Null below {@link leastForClaims} hosts.
 */
export function predictionInterval({ estimate, spread, df }: HostEstimate, miss: number): LogInterval | null {
  if (df < leastForClaims - 1) return null;
  const half = -studentQuantile(miss / 2, df) * Math.sqrt(spread * (1 + 1 / (df + 1)));
  return { low: estimate - half, high: estimate + half };
}
