import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';

/** The trials that this run plans: a store refuses others beside its run.json. */
export function plannedTrials(
  { subjects }: Pick<RunRecord, 'subjects'>,
  trials: readonly TrialRecord[],
): readonly TrialRecord[] {
  const planned = new Set(subjects.map(({ workload }) => workload));
  return trials.filter(({ cell }) => planned.has(cell.workload));
}
