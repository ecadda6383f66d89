import { resident } from '../model/footprint.ts';
import type { CountOverhead, OverheadEstimate } from '../model/overhead.ts';
import type { TrialRecord } from '../model/trial.ts';
import { blockLines, centreOf, type Point } from './block-lines.ts';
import { type MeasuredRun, trialFigure, trialsOf } from './measured-run.ts';
import { partWorkloads } from './parts.ts';

/** Number of sandboxes of a trial, and the memory of all of them, each page once; null where unknown. */
function residentOf(trial: TrialRecord): Point | null {
  if (trial.cell.workload === partWorkloads.idle) {
    const { processes, shmemAtSnapshotBytes = null, mappedAtSnapshot = null } = trial;
    const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
    return held === null ? null : { x: 1, y: held.bytes };
  }
  const [count, bytes] = [trialFigure(trial, 'sandboxes.count'), trialFigure(trial, 'sandboxes.resident')];
  return count === null || bytes === null ? null : { x: count, y: bytes };
}

/**
 * Memory of idle sandboxes as a line over their number: the slope is what one more costs, the intercept what all of them
 * share. Null where no block has two numbers.
 */
export function countOverhead(
  measured: MeasuredRun,
  runtime: string,
  confidence: number,
): CountOverhead | null {
  const trials = [partWorkloads.idle, partWorkloads.density].flatMap((workload) =>
    trialsOf(measured, runtime, workload),
  );
  const blocks = Map.groupBy(trials, ({ block }) => block).values();
  const points = [...blocks].map((own) => own.flatMap((trial) => residentOf(trial) ?? []));
  const lines = blockLines(points, { atLeast: 2, confidence });
  if (lines === null) return null;
  const counts = [...new Set(points.flat().map(({ x }) => x))].toSorted((a, b) => a - b);
  return {
    counts,
    perSandboxBytes: lines.slope,
    oncePerHostBytes: lines.intercept,
    availableBytes: available(measured, runtime, confidence),
  };
}

/** Fall of the host's MemAvailable per sandbox, where the most of them ran; null where it could not be read. */
function available(measured: MeasuredRun, runtime: string, confidence: number): OverheadEstimate | null {
  const found = trialsOf(measured, runtime, partWorkloads.density).flatMap((trial) => {
    const [count, bytes] = [trialFigure(trial, 'sandboxes.count'), trialFigure(trial, 'sandboxes.available')];
    return count === null || bytes === null ? [] : [{ count, bytes }];
  });
  const most = Math.max(...found.map(({ count }) => count));
  const values = found.flatMap(({ count, bytes }) => (count === most ? [bytes / count] : []));
  return centreOf(values, confidence);
}
