import { heldBytes } from '../../../../workloads/lib/memory-scripts.ts';
import { parseParams } from '../../../core/model/cell.ts';
import { ownProcesses, resident } from '../../../core/model/footprint.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { CountOverhead, OverheadEstimate, OverheadLine, SizeOverhead } from './overhead-record.ts';
import {
  type BlockLines,
  blockLines,
  centreOf,
  leastSizes,
  type MeasuredRun,
  type Point,
  partWorkloads,
  trialFigure,
  trialsOf,
} from './parts.ts';

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

/** Memory of one sandbox that no other sandbox shares, bytes. */
interface SandboxMemory {
  /** In the trial's cgroup: private memory of its processes, and shared memory that none of them maps. */
  readonly inside: number;
  /** Private memory of its processes elsewhere: shim, virtual machine. */
  readonly outside: number;
  /** Kernel memory that the cgroup is charged, page tables among it; null where unknown. */
  readonly kernel: number | null;
}

/**
 * What the snapshot of a trial says. Null where one of its processes could not be read. `ownCgroup`: false where the
 * trial's cgroup does not hold the sandbox, so that its kernel memory is not the sandbox's.
 */
export function sandboxMemory(
  trial: Pick<TrialRecord, 'processes' | 'shmemAtSnapshotBytes' | 'mappedAtSnapshot' | 'cgroup'>,
  ownCgroup: boolean,
): SandboxMemory | null {
  const { processes, shmemAtSnapshotBytes, mappedAtSnapshot, cgroup } = trial;
  const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
  if (held === null) return null;
  let outside = 0;
  for (const { inCgroup, pssAnonBytes, pssShmemBytes } of ownProcesses(processes)) {
    if (inCgroup) continue;
    if (pssAnonBytes === null) return null;
    outside += pssAnonBytes + (pssShmemBytes ?? 0);
  }
  const kernel = ownCgroup ? cgroup?.figures['memory.kernel'] : undefined;
  return {
    inside: held.privateBytes - outside,
    outside,
    kernel: kernel !== undefined && 'value' in kernel ? kernel.value : null,
  };
}

/** A sandbox beside what the same program holds natively, in one block. */
interface Pair {
  readonly block: number;
  readonly sizeBytes: number;
  readonly sandbox: SandboxMemory;
  readonly native: SandboxMemory;
}

/** Block and size of a trial of `memory/sized` → its memory. */
function memoryOf(measured: MeasuredRun, runtime: string): ReadonlyMap<string, Omit<Pair, 'native'>> {
  const ownCgroup = !measured.uncounted.has(runtime);
  return new Map(
    trialsOf(measured, runtime, partWorkloads.sized).flatMap((trial) => {
      const sizeBytes = heldBytes(parseParams(trial.cell.params).size);
      const sandbox = sandboxMemory(trial, ownCgroup);
      if (sizeBytes === null || sandbox === null) return [];
      return [[`${trial.block} ${sizeBytes}`, { block: trial.block, sizeBytes, sandbox }]];
    }),
  );
}

/**
 * Memory of a runtime's sandbox as a line over what its program holds, less what the same program uses in a container of
 * `native` in the same block: there, its processes in the cgroup and the cgroup's kernel memory are its own. Of the native
 * runtime itself the shim is left. Null where no block has three sizes of both.
 */
export function sizeOverhead(
  measured: MeasuredRun,
  {
    runtime,
    native,
    confidence,
  }: { readonly runtime: string; readonly native: string; readonly confidence: number },
): SizeOverhead | null {
  const natives = memoryOf(measured, native);
  const all = [...memoryOf(measured, runtime)].flatMap(([key, own]): readonly Pair[] => {
    const beside = natives.get(key);
    return beside === undefined ? [] : [{ ...own, native: beside.sandbox }];
  });
  const counted = all.filter((pair) => pair.sandbox.kernel !== null && pair.native.kernel !== null);
  const kernelCounted = counted.length > 0;
  const pairs = kernelCounted ? counted : all;
  const charged = ({ inside, kernel }: SandboxMemory) => inside + (kernelCounted ? (kernel ?? 0) : 0);
  const inside = (pair: Pair) => charged(pair.sandbox) - charged(pair.native);
  const outside = ({ sandbox }: Pair) => sandbox.outside;
  const total = linesOf(pairs, (pair) => inside(pair) + outside(pair), confidence);
  const within = linesOf(pairs, inside, confidence);
  const beyond = linesOf(pairs, outside, confidence);
  if (total === null || within === null || beyond === null) return null;
  return {
    sizesBytes: [...new Set(pairs.map(({ sizeBytes }) => sizeBytes))].toSorted((a, b) => a - b),
    total: overheadLine(total),
    inside: measured.uncounted.has(runtime) ? null : overheadLine(within),
    outside: overheadLine(beyond),
    kernelCounted,
    largestBytes: total.largest,
    sandboxes: total.points,
  };
}

function linesOf(
  pairs: readonly Pair[],
  bytes: (pair: Pair) => number,
  confidence: number,
): BlockLines | null {
  const blocks = Map.groupBy(pairs, ({ block }) => block).values();
  const points = [...blocks].map((own) => own.map((pair): Point => ({ x: pair.sizeBytes, y: bytes(pair) })));
  return blockLines(points, { atLeast: leastSizes, confidence });
}

function overheadLine({ intercept, slope }: BlockLines): OverheadLine {
  return { fixedBytes: intercept, share: slope };
}
