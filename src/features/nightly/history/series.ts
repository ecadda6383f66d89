import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import { defaultProfile } from '../../../core/model/runtime/container-profile.ts';
import type { Cell } from '../../../core/model/trial/cell.ts';
import { subjectName } from '../../../core/model/trial/subject-name.ts';
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
  /** Its run, which tells two of one day apart. */
  readonly run?: string;
  /** Comparison key: nights of another key cannot be compared. */
  readonly key: string;
  /** Nights that it counts as where it is the first of a level (`nightly learn`). Absent: one. */
  readonly counts?: number;
  /** The rerun of the same night, if the series was suspect. */
  readonly confirmation?: Measure;
}

/** A change that was confirmed. */
export interface Move {
  /** Id of its alarm. */
  readonly id?: string;
  /** First night of the change, and its run, which tells two nights of one day apart. */
  readonly since: string;
  readonly sinceRun?: string;
  /** Night that confirmed it, and its run. Later nights are held against the level since the change. */
  readonly night: string;
  readonly run?: string;
  /** Change of the logarithm. */
  readonly change: number;
  /** True once somebody has accepted its alarm. */
  readonly accepted: boolean;
}

/** One headline over the nights, in order. */
export interface NightSeries {
  readonly id: string;
  readonly against: ReferenceKind;
  readonly nights: readonly Night[];
  /** Oldest first. */
  readonly moves?: readonly Move[];
}

/** Place of the first of these nights that a change is in; their number if it is in none. */
export function beginsAt(
  nights: readonly Pick<Night, 'night' | 'run'>[],
  { since, sinceRun }: Pick<Move, 'since' | 'sinceRun'>,
): number {
  const own = sinceRun === undefined ? -1 : nights.findIndex(({ run }) => run === sinceRun);
  if (own >= 0) return own;
  const first = nights.findIndex(({ night }) => night >= since);
  return first >= 0 ? first : nights.length;
}

/**
 * The first change since the last one that was accepted: what is held against the level before it is what nobody has accepted.
 */
export function openMove({ moves = [] }: Pick<NightSeries, 'moves'>): Move | undefined {
  return moves[moves.findLastIndex(({ accepted }) => accepted) + 1];
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
 * Nights of a series can be compared while this stays the same: the same work, in the same image, with the same
 * options of the container, held against the same programs. What it runs on is not part of it: kernel, microcode, mitigations,
 * governor, cgroups, engine and its daemon change the values of a pin, and that is what such a change costs. Another processor
 * is another machine to the values of pins; a ratio of two programs in the same blocks does not need it.
 *
 * It is computed from what a line records and not recorded itself, so that lines of earlier versions have it too.
 */
export function comparisonKey({ against, provenance }: Pick<HeadlineLine, 'against' | 'provenance'>): string {
  const { image, workload, profile, reference, runtime, cpu } = provenance;
  const programs = against === 'pin' ? [reference] : [reference, runtime];
  const digests = [image, ...programs.flatMap((each) => [each?.sha256, each?.sidecars])];
  const short = digests.map((digest) => digest?.slice(0, digits) ?? '');
  return [workload, profile ?? '', ...short, ...(against === 'pin' ? [] : [cpu])].join('/');
}

/** Hex digits of a digest that tell it from any other here. */
const digits = 16;

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
