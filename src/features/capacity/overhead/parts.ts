import { linearRegression } from 'simple-statistics';
import { heldBytes } from '../../../../workloads/lib/memory-scripts.ts';
import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import { effectiveTrials } from '../../../core/analyze/values/effective-trial.ts';
import { emulatedGuests } from '../../../core/analyze/values/emulated-guests.ts';
import { type UncountedReason, uncountedRuntimes } from '../../../core/analyze/values/uncounted.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { defaultLayer, parseParams } from '../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import type { OverheadEstimate } from './overhead-record.ts';

/** A measured value `y` at `x`. */
export interface FitPoint {
  readonly x: number;
  readonly y: number;
}

/** A line fitted over the points of all blocks. */
export interface BlockLines {
  readonly intercept: OverheadEstimate;
  readonly slope: OverheadEstimate;
  /** Largest intercept of any single point at the common slope. `points`: number of points. */
  readonly largest: number;
  readonly points: number;
}

/** Hodges–Lehmann estimate from one value per block, with its interval; null without values. */
export function centreOf(values: readonly number[], confidence: number): OverheadEstimate | null {
  if (values.length === 0) return null;
  const { estimate, low, high } = hodgesLehmann(values, confidence);
  return { value: estimate, low, high, blocks: values.length };
}

/**
 * Fits one line over all blocks: least squares within a block, Hodges–Lehmann over the blocks. Drift between blocks does not
 * affect the slope, and an outlying block hardly affects either estimate. Blocks with fewer than `atLeast` different x are
 * skipped. Null if none is left.
 */
export function blockLines(
  blocks: Iterable<readonly FitPoint[]>,
  { atLeast, confidence }: { readonly atLeast: number; readonly confidence: number },
): BlockLines | null {
  const whole = [...blocks].filter((points) => new Set(points.map(({ x }) => x)).size >= atLeast);
  const lines = whole.map((points) => linearRegression(points.map(({ x, y }) => [x, y])));
  const intercept = centreOf(
    lines.map(({ b }) => b),
    confidence,
  );
  const slope = centreOf(
    lines.map(({ m }) => m),
    confidence,
  );
  if (intercept === null || slope === null) return null;
  const own = whole.flat().map(({ x, y }) => y - slope.value * x);
  return { intercept, slope, largest: Math.max(...own), points: own.length };
}

/** The workloads that the parts are computed from. */
export const partWorkloads = {
  sized: 'memory/sized',
  idle: 'memory/idle',
  density: 'startup/density',
  /** Many more sandboxes, of a run that has them. */
  knee: 'density/idle',
  echo: 'startup/echo',
  atRest: 'cpu/at-rest',
} as const;

const { sized, idle, density, knee, echo, atRest } = partWorkloads;

/** The workloads of all parts. */
export const overheadWorkloads: readonly string[] = [sized, idle, density, echo, atRest];

/** Minimum number of sizes: a line always fits fewer. */
export const leastSizes = 3;

/** A workload that a run lacks. */
interface MissingWorkload {
  readonly workload: string;
  /** Number of sizes that the run has, if too few. */
  readonly sizes: number;
}

/** Workloads of the overhead that the run did not schedule; empty if it has all. */
export function listMissing({ subjects }: Pick<RunRecord, 'subjects'>): readonly MissingWorkload[] {
  return overheadWorkloads.flatMap((workload) => {
    const own = subjects.filter(
      (subject) => subject.workload === workload && (subject.layer ?? defaultLayer) === defaultLayer,
    );
    if (workload !== sized) return own.length > 0 ? [] : [{ workload, sizes: 0 }];
    const sizes = new Set(own.flatMap(({ params }) => heldBytes(parseParams(params).size) ?? []));
    return sizes.size >= leastSizes ? [] : [{ workload, sizes: sizes.size }];
  });
}

/** The data of a run that the overhead needs. */
export interface MeasuredRun {
  readonly run: RunRecord;
  /** Successful, measured trials through Docker of the workloads of the parts. */
  readonly trials: readonly TrialRecord[];
  /** Runtimes whose trial cgroups do not hold their sandboxes. */
  readonly uncounted: ReadonlyMap<string, UncountedReason>;
  /** Runtimes with emulated guests, and the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
}

const needed: ReadonlySet<string> = new Set([...overheadWorkloads, knee]);

/** Selects the data of a stored run; drops trials whose output the workload's parser refuses. */
export function measuredRun(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): MeasuredRun {
  const own = trials.filter(
    ({ cell }) =>
      needed.has(cell.workload) &&
      cell.layer === defaultLayer &&
      cell.profile === 'default' &&
      cell.engine === undefined,
  );
  return {
    run,
    trials: effectiveTrials(own, workloads).flatMap(({ trial, outcome }) =>
      trial.phase === 'measure' && outcome.status === 'ok' ? [trial] : [],
    ),
    uncounted: uncountedRuntimes(run, trials),
    emulated: emulatedGuests(run, trials),
  };
}

/** The trials of a runtime and a workload. */
export function trialsOf({ trials }: MeasuredRun, runtime: string, workload: string): readonly TrialRecord[] {
  return trials.filter(({ cell }) => cell.runtime === runtime && cell.workload === workload);
}

/** A figure that the harness measured in a trial; null if absent. */
export function trialFigure({ figures }: Pick<TrialRecord, 'figures'>, id: string): number | null {
  const figure = figures[id];
  return figure !== undefined && 'value' in figure ? figure.value : null;
}
