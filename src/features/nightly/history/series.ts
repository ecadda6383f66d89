/**
 * What a series is a ratio to. `pin`: today's program to a pinned copy of the same runtime. `baseline`: a pinned runtime to the
 * pinned baseline. `null`: none, the absolute value of the pinned baseline.
 */
export type Against = 'pin' | 'baseline' | 'null';

/** One estimate: a mean over blocks. */
export interface Measure {
  /** Natural logarithm of the ratio, or of the value. */
  readonly log: number;
  /** Standard error of `log`, not negative. */
  readonly se: number;
  /** Degrees of freedom of `se`, at least 1. */
  readonly df: number;
}

/** One night of a series. */
export interface Night extends Measure {
  /** Its day, as in `2026-11-25`: texts that sort by time. */
  readonly night: string;
  /** Comparison key: nights of another key cannot be compared. */
  readonly key: string;
  /** The rerun of the same night, if the series was suspect. */
  readonly confirmation?: Measure;
}

/** An alarm that nobody has accepted yet. */
export interface OpenAlarm {
  /** First night of the change. */
  readonly since: string;
  /** How far the series moved, as a logarithm. */
  readonly change: number;
}

/** One headline over the nights, in their order. */
export interface Series {
  readonly id: string;
  readonly against: Against;
  readonly nights: readonly Night[];
  /** First nights of changes that were accepted: each begins a new level. */
  readonly accepted?: readonly string[];
  readonly open?: OpenAlarm;
}

/** Throws RangeError, which names the night, on an estimate that is none: it would spoil the whole history. */
export function requireUsable({ night, confirmation, ...first }: Night): void {
  for (const { log, se, df } of confirmation === undefined ? [first] : [first, confirmation])
    if (!(Number.isFinite(log) && Number.isFinite(se) && se >= 0 && df >= 1))
      throw new RangeError(`${night}: log ${log}, se ${se}, df ${df} is no estimate`);
}
