import { executedRuntime } from '../../../core/model/aa-control.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { Asked } from './asked.ts';

/** Share of trials while the host was disturbed beyond which a figure says nothing of its runtime. */
export const mostDisturbed = 0.5;

/** Of the measured trials behind a figure: the share that ran while the host was disturbed, 0 to 1. */
export function disturbedShare(
  { gate: { runtime, layer }, workload, params, category }: Asked,
  reference: string | null,
  { config, subjects }: Pick<RunRecord, 'config' | 'subjects'>,
  trials: readonly TrialRecord[],
): number {
  const members = new Set(subjects.flatMap((one) => (one.category === category ? [one.workload] : [])));
  const isBehind = ({ cell, phase }: TrialRecord) =>
    phase === 'measure' &&
    cell.layer === layer &&
    (cell.runtime === runtime ||
      executedRuntime(cell.runtime, config.baseline) === reference ||
      cell.runtime === reference) &&
    (category === null ? cell.workload === workload && cell.params === params : members.has(cell.workload));
  const own = trials.filter(isBehind);
  const flagged = own.filter(({ noise }) => (noise?.flags.length ?? 0) > 0);
  return own.length === 0 ? 0 : flagged.length / own.length;
}
