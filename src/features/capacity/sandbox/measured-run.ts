import { effectiveTrials } from '../../../core/analyze/effective-trial.ts';
import { emulatedGuests, type Uncounted, uncountedRuntimes } from '../../../core/analyze/uncounted.ts';
import { defaultLayer } from '../../../core/model/cell.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { Workload } from '../../../core/model/workload.ts';
import { overheadParts, workloadsOfParts } from './parts.ts';

/** A run as the overhead needs it. */
export interface MeasuredRun {
  readonly run: RunRecord;
  /** The measured trials that succeeded, through Docker, of the workloads that the overhead is made of. */
  readonly trials: readonly TrialRecord[];
  /** Runtimes whose trial cgroups do not hold their sandboxes. */
  readonly uncounted: ReadonlyMap<string, Uncounted>;
  /** Runtimes with emulated guests, and the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
}

const needed: ReadonlySet<string> = new Set(workloadsOfParts(overheadParts));

/** Selects of a stored run what the overhead is made of; output that a workload's parser refuses is no measurement. */
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

/** A figure that the harness measured in a trial; null where it is absent. */
export function trialFigure({ figures }: Pick<TrialRecord, 'figures'>, id: string): number | null {
  const figure = figures[id];
  return figure !== undefined && 'value' in figure ? figure.value : null;
}
