import { median } from 'simple-statistics';
import { studentQuantile } from '../../../../core/analyze/stats/distributions.ts';
import { flooredVariances, pauleMandel } from '../../../../core/analyze/stats/paule-mandel.ts';
import { biweight, meanOf } from './biweight.ts';
import { type EstimatedMean, heterogeneity } from './heterogeneity.ts';
import type { LogMean } from './log-mean.ts';

/** Minimum number of hosts for claims and predictions: one degree of freedom gives no usable spread. */
export const leastForClaims = 3;

/** A centre of several hosts. */
export interface HostCentre {
  readonly estimate: number;
  /** 0 if all hosts are equal and their own errors are not known, and for a single host. */
  readonly standardError: number;
  /** Number of hosts that count minus 1. */
  readonly df: number;
}

/** The robust centre of hosts with one vote each. */
export interface RobustCentre extends HostCentre {
  /** Does the host count? False: it is so far from the others that it has no weight. In the order of the votes. */
  readonly counts: readonly boolean[];
  /** Distance from the estimate from which a host has no weight. */
  readonly cut: number;
  /**
   * Observed variance between the sound hosts, which are those that count, and those that their own noise takes so far off: true
   * differences and noise.
   */
  readonly spread: number;
  /** Number of sound hosts. */
  readonly sound: number;
}

/** The robust centre, and what is said beside it. */
export interface HostEstimate extends RobustCentre {
  /** The plain mean of all hosts. */
  readonly mean: HostCentre;
  /** Estimated variance between the true values of the sound hosts (Paule and Mandel). */
  readonly between: number;
  /** p of the test that the sound hosts do not differ; null if fewer than two of them have a known error. */
  readonly differP: number | null;
}

/**
 * The centre of the hosts by {@link biweight}, with an error from their spread only: a precise host, or one with many runs, does
 * not count more. `near`: hosts whose logarithms differ by less are never too far from the others. Throws RangeError without
 * hosts, and on a value that is not finite.
 */
export function robustCentre(votes: readonly LogMean[], near: number): RobustCentre {
  const { centre } = weighed(votes, near);
  return centre;
}

/** {@link robustCentre}, the mean, and how the hosts differ. */
export function hostEstimate(votes: readonly LogMean[], near: number): HostEstimate {
  const { centre, noise, sound } = weighed(votes, near);
  const sure = sound.flatMap(({ mean, variance, df }): EstimatedMean[] =>
    variance !== null && variance > 0 && df > 0 ? [{ mean, variance, df }] : [],
  );
  return {
    ...centre,
    mean: withError(meanOf(votes.map(({ mean }) => mean)), votes.length, noise),
    between: sure.length < 2 ? centre.spread : betweenHosts(sure),
    differP: sure.length < 2 ? null : heterogeneity(sure).p,
  };
}

/** Variance between the true means of hosts. */
function betweenHosts(sure: readonly EstimatedMean[]): number {
  const variances = sure.map(({ variance }) => variance);
  return pauleMandel(
    sure.map(({ mean }) => mean),
    flooredVariances(variances) ?? variances,
  );
}

/** The robust centre; `noise`: the usual error of a host; `sound`: those that count, or that their own noise takes so far off. */
function weighed(votes: readonly LogMean[], near: number) {
  const errors = votes.flatMap(({ variance }) => (variance === null ? [] : [Math.sqrt(variance)]));
  const noise = 2 * errors.length > votes.length ? median(errors) : 0;
  const { cut, far, ...robust } = biweight(
    votes.map(({ mean }) => mean),
    { noise, near },
  );
  const distanceOf = ({ mean }: LogMean) => Math.abs(mean - robust.estimate);
  const counts = votes.map((vote) => distanceOf(vote) < cut);
  const sound = votes.filter(
    (vote, at) => counts[at] === true || distanceOf(vote) < far * Math.sqrt(vote.variance ?? 0),
  );
  const centre: RobustCentre = {
    ...withError(robust, counts.filter(Boolean).length, noise),
    counts,
    cut,
    spread: spreadOf(sound.map(({ mean }) => mean)),
    sound: sound.length,
  };
  return { centre, noise, sound };
}

/** Hosts that are equal say nothing of their spread: what is left is the noise of each. */
function withError(
  { estimate, standardError }: Pick<HostCentre, 'estimate' | 'standardError'>,
  hosts: number,
  noise: number,
): HostCentre {
  const error = standardError === 0 && hosts > 1 ? noise / Math.sqrt(hosts) : standardError;
  return { estimate, standardError: error, df: hosts - 1 };
}

/** Variance of hosts; 0 for a single one. */
function spreadOf(means: readonly number[]): number {
  return means.length < 2 ? 0 : means.length * meanOf(means).standardError ** 2;
}

/** An interval of logarithms. */
export interface LogInterval {
  readonly low: number;
  readonly high: number;
}

/** The t interval of a centre over the population of hosts, with error probability `miss`; null for one host. */
export function centreInterval(
  { estimate, standardError, df }: HostCentre,
  miss: number,
): LogInterval | null {
  if (df < 1) return null;
  const half = -studentQuantile(miss / 2, df) * standardError;
  return { low: estimate - half, high: estimate + half };
}

/**
 * Prediction interval for a run on one more host like the sound ones, with error probability `miss`: centre ± t √(s² + error²).
 * It covers the run's noisy value, and so the host's true value at least as often. It foresees no bad host: how far off one is,
 * no interval around the others says. Null below {@link leastForClaims} sound hosts.
 */
export function predictionInterval(
  { estimate, standardError, spread, sound }: Omit<RobustCentre, 'counts' | 'cut' | 'df'>,
  miss: number,
): LogInterval | null {
  if (sound < leastForClaims) return null;
  const half = -studentQuantile(miss / 2, sound - 1) * Math.sqrt(spread + standardError ** 2);
  return { low: estimate - half, high: estimate + half };
}
