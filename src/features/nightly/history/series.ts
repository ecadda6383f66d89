import { createHash } from 'node:crypto';
import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import type { Cell } from '../../../core/model/cell.ts';
import { defaultProfile } from '../../../core/model/container-profile.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import type { HeadlineLine } from './record.ts';

/** Direction of a change. `other`: neither more nor less of the figure is better. */
export type Direction = 'better' | 'worse' | 'other';

/** Direction of a change of the logarithm. */
export function directionOf({ better }: Pick<HeadlineLine, 'better'>, change: number): Direction {
  if (better === 'neither') return 'other';
  return change > 0 === (better === 'lower') ? 'worse' : 'better';
}

/**
 * Reference of a series. `pin`: ratio of today's program to a pinned copy of the same runtime. `baseline`: ratio of a pinned
 * runtime to the pinned baseline. `null`: no ratio, but the absolute value of the pinned baseline.
 */
export type ReferenceKind = 'pin' | 'baseline' | 'null';

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
  /** Day, such as `2026-11-25`: sorts by time as text. */
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
  /** Change of the logarithm. */
  readonly change: number;
}

/** One headline over the nights, in order. */
export interface NightSeries {
  readonly id: string;
  readonly against: ReferenceKind;
  readonly nights: readonly Night[];
  /** First nights of changes that were accepted: each begins a new level. */
  readonly accepted?: readonly string[];
  readonly open?: OpenAlarm;
}

/** Throws RangeError, naming the night, on an invalid estimate: one would spoil the level and evidence of all later nights. */
export function requireUsable({ night, confirmation, ...first }: Night): void {
  for (const { log, se, df } of confirmation === undefined ? [first] : [first, confirmation])
    if (!(Number.isFinite(log) && Number.isFinite(se) && se >= 0 && df >= 1))
      throw new RangeError(`${night}: log ${log}, se ${se}, df ${df} is no estimate`);
}

/** A line of one subject, and the logarithms it is the mean of, by block. */
export interface DrawnLine {
  readonly line: HeadlineLine;
  readonly logs: ReadonlyMap<number, number>;
}

/**
 * Nights of a series can be compared while this stays the same: 16 hex digits. The same work, in the same image, with the same
 * options of the container, held against the same programs. What it runs on is not part of it: kernel, microcode, mitigations,
 * governor, cgroups, engine and its daemon change the values of a pin, and that is what such a change costs. Another processor
 * is another machine to the values of pins; a ratio of two programs in the same blocks does not need it.
 *
 * It is computed from what a line records and not recorded itself, so that lines of earlier versions have it too.
 */
export function comparisonKey({ against, provenance }: Pick<HeadlineLine, 'against' | 'provenance'>): string {
  const { image, workload, profile = null, reference, runtime, cpu } = provenance;
  const programs = against === 'pin' ? [reference] : [reference, runtime];
  const fixed = programs.map((program) => [program?.sha256 ?? null, program?.sidecars ?? null]);
  const content = JSON.stringify([image, workload, profile, fixed, against === 'pin' ? null : cpu]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

const miss = 0.05;

/** The estimate of a line with its 95 % interval; null bounds if they exceed the range of a double. */
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
 * Identifies a series: `runc ÷ runc-pin startup/echo startup.total`; with a profile other than the default,
 * `… startup/echo under strict …`. Defaults are never part of the name, so that older series continue.
 */
export function seriesName(cell: Cell, metric: string, reference: string | null): string {
  const what = reference === null ? cell.runtime : `${cell.runtime} ÷ ${reference}`;
  const layer = cell.layer === 'docker' ? '' : ` at ${cell.layer}`;
  const profile = cell.profile === defaultProfile ? '' : ` under ${cell.profile}`;
  return `${what} ${subjectName(cell)}${profile}${layer} ${metric}`;
}
