import type { Against } from './series.ts';

/** How a kind of series is watched. */
export interface Rules {
  /**
   * Nights that the level remembers. A short memory follows a host that drifts, and then sees jumps only; an endless one also
   * finds what creeps.
   */
  readonly memory: number;
  /** The last nights, which are not part of the level yet: a change must not hide itself in it. At most a third of the nights. */
  readonly recent: number;
  /** Variance between nights that is assumed at least, as a part of the squared standard error of a first run. */
  readonly tau: number;
  /** Deviations between nights up to which the series may move without being watched: a host drifts, and weeks have weekends. */
  readonly slack: number;
  /**
   * The most that one night counts. What disturbs a night disturbs its rerun as well, so a series that a disturbed host moves
   * needs several nights.
   */
  readonly mostPerNight: number;
}

/** By what a series is a ratio to. Chosen by simulation: bench/prove/results/nightly.md. */
export const rules: Readonly<Record<Against, Rules>> = {
  pin: { memory: Number.POSITIVE_INFINITY, recent: 30, tau: 0.1, slack: 0, mostPerNight: 1e6 },
  baseline: { memory: 60, recent: 15, tau: 0.1, slack: 0.5, mostPerNight: 30 },
  null: { memory: 30, recent: 5, tau: 1, slack: 1, mostPerNight: 10 },
};

/** Evidence from which on a series is measured again in the same night. */
export const suspectFrom = 8;

/** Evidence from which on a series alarms: of everything that was measured, or of what reruns added. */
export const alarmFrom = { all: 40_000, reruns: 800 };

/** Normal score that a rerun alone has to reach as well: by chance it does in one of 44. */
export const ownScore = 2;

/** No estimate counts as known better than this logarithm: values that never vary have a standard error of 0. */
export const resolution = 0.0005;

/** Logarithm up to which the series may move without being watched at all. */
export const indifference = 0.002;

/** Standard errors of the level up to which the series may move without being watched. */
export const levelErrors = 0.8;

/** Logarithm from which on a change is worth an alarm. */
export const practical = Math.log(1.01);

/** Nights from which on a level is known well enough to compare with. */
export const leastNights = 14;
