import type { Against } from './series.ts';

/** How a kind of series is watched. */
export interface Rules {
  /**
   * Nights that the level remembers. A short memory follows a host that drifts, and then sees jumps only; an endless one also
   * finds what creeps.
   */
  readonly memory: number;
  /** Variance between nights before it is known, as a part of the first nights' squared standard errors. */
  readonly tau: number;
  /**
   * The most that the rerun of one night counts. What disturbs a night disturbs its rerun as well, so a series that a disturbed
   * host moves needs several nights.
   */
  readonly mostPerNight: number;
}

/** By what a series is a ratio to. Chosen by simulation: bench/prove/results/nightly.md. */
export const rules: Readonly<Record<Against, Rules>> = {
  pin: { memory: Number.POSITIVE_INFINITY, tau: 0.1, mostPerNight: 1e6 },
  baseline: { memory: 60, tau: 0.3, mostPerNight: 20 },
  null: { memory: 30, tau: 1, mostPerNight: 8 },
};

/** Evidence from which on a series is measured again in the same night. */
export const suspectFrom = 10;

/** Evidence of reruns from which on a series alarms. */
export const alarmFrom = 400;

/** No estimate counts as known better than this logarithm: values that never vary have a standard error of 0. */
export const resolution = 0.0005;

/** Logarithm up to which the series may move without being watched at all. */
export const indifference = 0.002;

/** Logarithm from which on a change is worth an alarm. */
export const practical = Math.log(1.01);

/** Nights from which on a level is known well enough to compare with. */
export const leastNights = 7;
