import type { ReferenceKind } from './series.ts';

/** Parameters of the detector for a kind of series. */
export interface Rules {
  /**
   * Memory of the level, in nights. A short memory follows a drifting host and detects only jumps; an endless one also detects
   * slow changes.
   */
  readonly memory: number;
  /** Last nights that are not part of the level yet, so that a change does not shift it. At most a third of the nights. */
  readonly recent: number;
  /** Minimum variance between nights, as a share of the squared standard error of a first run. */
  readonly tau: number;
  /** Moves below this many standard deviations between nights are ignored: hosts drift, and weekends differ. */
  readonly slack: number;
  /**
   * Maximum factor of one night. A disturbance of a night affects its rerun as well, so series that a disturbed host can move
   * need several nights.
   */
  readonly mostPerNight: number;
}

/** Parameters by the reference of a series. Chosen by simulation: bench/prove/results/nightly.md. */
export const rules: Readonly<Record<ReferenceKind, Rules>> = {
  pin: { memory: Number.POSITIVE_INFINITY, recent: 30, tau: 0.1, slack: 0, mostPerNight: 1e6 },
  baseline: { memory: 60, recent: 15, tau: 0.1, slack: 0.5, mostPerNight: 30 },
  null: { memory: 30, recent: 5, tau: 1, slack: 1, mostPerNight: 10 },
};

/** Minimum evidence for a rerun of a series in the same night. */
export const suspectFrom = 8;

/** Reruns of a series in seven nights: after them it counts as noisy. */
export const rerunsOfWeek = 2;

/** Minimum evidence for an alarm: `all`: from first runs and reruns; `reruns`: from what reruns added. */
export const alarmFrom = { all: 40_000, reruns: 800 };

/** Minimum normal score of a rerun alone, required as well; chance reaches it once in 44. */
export const ownScore = 2;

/** Minimum standard error of a logarithm, since values that never vary have a standard error of 0. */
export const resolution = 0.0005;

/** Moves of the logarithm below this are always ignored. */
export const indifference = 0.002;

/**
 * Moves below this many standard errors of the level are ignored. All later nights share the error of a level that few nights
 * have told since a change, so that it would seem to move.
 */
export const levelErrors = { known: 0.8, fresh: 3 };

/** Minimum change of the logarithm for an alarm. */
export const practical = Math.log(1.01);

/**
 * A night tells that nothing has moved only where its 95 % interval about the level lies within this logarithm on both sides.
 */
export const tellable = Math.log(1.2);

/** Minimum number of nights of a level before series are compared with it. */
export const leastNights = 14;
