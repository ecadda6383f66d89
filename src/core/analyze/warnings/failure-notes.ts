import { listed } from '../../messages/compose.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { cellKey } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { describeOutcome, effectiveTrials, isFailure, type OutcomeWords } from '../values/effective-trial.ts';
import type { CellSamples } from '../values/samples.ts';

const text = notices('outcome', {
  trialsFailed: '{failed} of {all} trials failed; {why}',
});

/**
 * Find the most frequent failure reason of each cell with failed trials or without values; of a cell that is not in `cells`, that
 * of its failed or refused warm-ups. Of equally frequent reasons, the earliest counts. Only those trials are parsed again. A cell whose
 * trials are not in `trials` is missing.
 */
export function commonestReasons(
  cells: ReadonlyMap<string, CellSamples>,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): Map<string, OutcomeWords> {
  const wanted = new Set<string>();
  for (const cell of cells.values()) {
    if (cell.failed.size > 0) for (const trialId of cell.failed.keys()) wanted.add(trialId);
    else if (cell.samples.size === 0) for (const trialId of cell.trialIds) wanted.add(trialId);
  }
  for (const { trialId, cell, outcome } of trials)
    if ((isFailure(outcome.status) || outcome.status === 'unsupported') && !cells.has(cellKey(cell)))
      wanted.add(trialId);
  const counts = new Map<string, Map<string, ReasonCount>>();
  const suspects = trials.filter((trial) => wanted.has(trial.trialId));
  for (const { trial, outcome } of effectiveTrials(suspects, workloads)) {
    const key = cellKey(trial.cell);
    const reasons = counts.get(key) ?? new Map<string, ReasonCount>();
    counts.set(key, reasons);
    const described = describeOutcome(outcome);
    const { text } = described.reason;
    reasons.set(text, { described, times: (reasons.get(text)?.times ?? 0) + 1 });
  }
  return new Map([...counts].map(([key, reasons]) => [key, mostCommon(reasons)]));
}

interface ReasonCount {
  readonly described: OutcomeWords;
  readonly times: number;
}

function mostCommon(counts: ReadonlyMap<string, ReasonCount>): OutcomeWords {
  return [...counts.values()].reduce((best, each) => (each.times > best.times ? each : best)).described;
}

/** `3 of 10 trials failed; most often start: …`; null without failures. */
export function failureNote(cell: CellSamples, reason: OutcomeWords | undefined): Message | null {
  const failures = cell.failed.size;
  if (failures === 0) return null;
  const why = reason?.mostOften ?? listed([...new Set(cell.failed.values())]);
  return text.trialsFailed({ failed: failures, all: cell.trialIds.size, why });
}
