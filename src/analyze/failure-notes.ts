import { cellKey } from '../model/cell.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Workload } from '../model/workload.ts';
import { describeOutcome, effectiveTrials } from './effective-trial.ts';
import type { CellSamples } from './samples.ts';

/**
 * Of each cell with failed trials, or with no value at all: the most frequent reason in words (of equally
 * frequent ones the earliest). Only those trials are parsed again. Cells are missing whose trials are not in `trials`.
 */
export function commonestReasons(
  cells: ReadonlyMap<string, CellSamples>,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): Map<string, string> {
  const wanted = new Set<string>();
  for (const cell of cells.values()) {
    if (cell.failed.size > 0) for (const trialId of cell.failed.keys()) wanted.add(trialId);
    else if (cell.samples.size === 0) for (const trialId of cell.trialIds) wanted.add(trialId);
  }
  const counts = new Map<string, Map<string, number>>();
  const suspects = trials.filter((trial) => wanted.has(trial.trialId));
  for (const { trial, outcome } of effectiveTrials(suspects, workloads)) {
    const key = cellKey(trial.cell);
    const reasons = counts.get(key) ?? new Map<string, number>();
    counts.set(key, reasons);
    const reason = describeOutcome(outcome);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return new Map([...counts].map(([key, reasons]) => [key, mostFrequent(reasons)]));
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** `3 of 10 trials failed; most often start: …`; empty without failures. */
export function failureNote(cell: CellSamples, reason: string | undefined): string {
  const failures = cell.failed.size;
  if (failures === 0) return '';
  const why = reason === undefined ? [...new Set(cell.failed.values())].join(', ') : `most often ${reason}`;
  return `${failures} of ${cell.trialIds.size} trials failed; ${why}`;
}
