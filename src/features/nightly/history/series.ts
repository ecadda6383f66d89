import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import type { Cell } from '../../../core/model/cell.ts';
import { defaultProfile } from '../../../core/model/container-profile.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import type { HeadlineLine } from './record.ts';

/** Which way a change is. `other`: of a figure of which neither more nor less is better. */
export type Direction = 'better' | 'worse' | 'other';

/** Which way a change of a series is, by its logarithm. */
export function directionOf({ better }: Pick<HeadlineLine, 'better'>, change: number): Direction {
  if (better === 'neither') return 'other';
  return change > 0 === (better === 'lower') ? 'worse' : 'better';
}

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

/** A line of one subject, and what it is the mean of: block → logarithm. */
export interface DrawnLine {
  readonly line: HeadlineLine;
  readonly logs: ReadonlyMap<number, number>;
}

const miss = 0.05;

/** How a line tells an estimate: with its 95 % interval; without bounds where they are too wide for a number. */
export function lineEstimate({
  log,
  se,
  df,
}: Measure): Pick<HeadlineLine, 'estimate' | 'low' | 'high' | 'logError' | 'df'> {
  const half = -studentQuantile(miss / 2, df) * se;
  const positive = (value: number) => (Number.isFinite(value) && value > 0 ? value : null);
  return {
    estimate: Math.exp(log),
    low: positive(Math.exp(log - half)),
    high: positive(Math.exp(log + half)),
    logError: se,
    df,
  };
}

/**
 * Identifies a series: `runc ÷ runc-pin startup/echo startup.total`, and `… startup/echo under strict …` in a container with other
 * options than the harness's own. What identifies none of the default is never part of it: series of all versions go on.
 */
export function seriesName(cell: Cell, metric: string, reference: string | null): string {
  const what = reference === null ? cell.runtime : `${cell.runtime} ÷ ${reference}`;
  const layer = cell.layer === 'docker' ? '' : ` at ${cell.layer}`;
  const profile = cell.profile === defaultProfile ? '' : ` under ${cell.profile}`;
  return `${what} ${subjectName(cell)}${profile}${layer} ${metric}`;
}
