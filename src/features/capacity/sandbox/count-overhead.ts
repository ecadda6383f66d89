import { resident } from '../../../core/model/footprint.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import { blockLines, centreOf } from './block-lines.ts';
import { type MeasuredRun, trialFigure, trialsOf } from './measured-run.ts';
import type { CountOverhead, OverheadEstimate } from './overhead-record.ts';
import { partWorkloads } from './parts.ts';

/** Memory of all sandboxes of a trial, bytes. */
interface Held {
  readonly block: number;
  readonly count: number;
  /** Without files that containers of the same programs share. */
  readonly own: number;
  /** Those files. */
  readonly shared: number;
}

function heldBy(trial: TrialRecord): Held | null {
  const { processes, shmemAtSnapshotBytes, mappedAtSnapshot, block, cell } = trial;
  const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
  const count = cell.workload === partWorkloads.idle ? 1 : trialFigure(trial, 'sandboxes.count');
  if (held === null || count === null) return null;
  return { block, count, own: held.privateBytes, shared: held.bytes - held.privateBytes };
}

/**
 * Private memory of idle sandboxes as a line over their number: its slope is what one more costs. The files that they
 * share are taken from a single sandbox: of several, those of an image count once in each container, since every
 * container has a file system of its own. Null where no block has two numbers.
 */
export function countOverhead(
  measured: MeasuredRun,
  runtime: string,
  confidence: number,
): CountOverhead | null {
  const held = [partWorkloads.idle, partWorkloads.density].flatMap((workload) =>
    trialsOf(measured, runtime, workload).flatMap((trial) => heldBy(trial) ?? []),
  );
  const blocks = [...Map.groupBy(held, ({ block }) => block).values()];
  const lines = blockLines(
    blocks.map((own) => own.map((each) => ({ x: each.count, y: each.own }))),
    { atLeast: 2, confidence },
  );
  const single = held.filter(({ count }) => count === 1).map(({ shared }) => shared);
  const oncePerHostBytes = centreOf(single, confidence);
  if (lines === null || oncePerHostBytes === null) return null;
  return {
    counts: [...new Set(held.map(({ count }) => count))].toSorted((a, b) => a - b),
    perSandboxBytes: lines.slope,
    oncePerHostBytes,
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
