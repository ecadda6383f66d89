import { requireFinite } from '../../../../core/analyze/stats/finite.ts';
import { precisionWeights } from '../../../../core/analyze/stats/precision-weights.ts';
import { studentQuantile } from '../../../../core/analyze/stats/student-t.ts';
import { differP, type HostMean } from './host-differences.ts';

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
