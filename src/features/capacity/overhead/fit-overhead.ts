import { heldBytes } from '../../../../workloads/lib/memory-scripts.ts';
import { parseParams } from '../../../core/model/trial/cell.ts';
import { ownProcesses, resident } from '../../../core/model/trial/footprint.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { CountOverhead, OverheadEstimate, OverheadLine, SizeOverhead } from './overhead-record.ts';
import {
  type BlockLines,
  blockLines,
  centreOf,
  type FitPoint,
  leastSizes,
  type MeasuredRun,
  partWorkloads,
  trialFigure,
  trialsOf,
} from './parts.ts';

/** Memory of all sandboxes of a trial, bytes. */
interface HeldMemory {
  readonly block: number;
  readonly count: number;
  /** Private memory, without file pages that containers of the same program share. */
  readonly own: number;
  /** Those shared file pages. */
  readonly shared: number;
}

function heldBy(trial: TrialRecord): HeldMemory | null {
  const { processes, shmemAtSnapshotBytes, mappedAtSnapshot, block, cell } = trial;
  const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
  const count = cell.workload === partWorkloads.idle ? 1 : trialFigure(trial, 'sandboxes.count');
  if (held === null || count === null) return null;
  return { block, count, own: held.privateBytes, shared: held.bytes - held.privateBytes };
}

/** Idle sandboxes of the same program: one, some, and as many as `density/idle` adds. */
const countedWorkloads = [partWorkloads.idle, partWorkloads.density, partWorkloads.knee];

/**
 * Fits private memory of idle sandboxes as a line over their number: the slope is the memory of one more. The shared files are
 * those of a single sandbox: with several, files of an image would count once per container, since each has its own file
 * system. Null if no block has two different numbers.
 */
export function countOverhead(
  measured: MeasuredRun,
  runtime: string,
  confidence: number,
): CountOverhead | null {
  const held = countedWorkloads.flatMap((workload) =>
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

/** Fall of the host's MemAvailable per sandbox, with the largest number of sandboxes; null if it could not be read. */
function available(measured: MeasuredRun, runtime: string, confidence: number): OverheadEstimate | null {
  const found = trialsOf(measured, runtime, partWorkloads.density).flatMap((trial) => {
    const [count, bytes] = [trialFigure(trial, 'sandboxes.count'), trialFigure(trial, 'sandboxes.available')];
    return count === null || bytes === null ? [] : [{ count, bytes }];
  });
  const most = Math.max(...found.map(({ count }) => count));
  const values = found.flatMap(({ count, bytes }) => (count === most ? [bytes / count] : []));
  return centreOf(values, confidence);
}

/** Private memory of one sandbox, bytes. */
interface SandboxMemory {
  /** Inside the trial's cgroup: private memory of its processes, and shared memory that none of them maps. */
  readonly inside: number;
  /** Private memory of its processes outside of that cgroup: shim, virtual machine. */
  readonly outside: number;
  /** Kernel memory charged to the cgroup, page tables included; null if unknown. */
  readonly kernel: number | null;
}

/**
 * Memory of a sandbox by the snapshot of its trial. Null if one of its processes could not be read. `ownCgroup`: false if the
 * sandbox is not in the trial's cgroup, whose kernel memory then is not the sandbox's.
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

/** A sandbox and its native counterpart: the same program in the same block. */
interface Pair {
  readonly block: number;
  readonly sizeBytes: number;
  readonly sandbox: SandboxMemory;
  readonly native: SandboxMemory;
}

/** Block and size of each trial of `memory/sized` → its memory. */
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
 * Fits a runtime's sandbox memory as a line over the program's memory, after subtracting the native container of the same
 * program and block: its processes in the cgroup, and the cgroup's kernel memory, belong to the program. For the native runtime
 * itself, the shim remains. Null if no block has three sizes of both.
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
  const points = [...blocks].map((own) =>
    own.map((pair): FitPoint => ({ x: pair.sizeBytes, y: bytes(pair) })),
  );
  return blockLines(points, { atLeast: leastSizes, confidence });
}

function overheadLine({ intercept, slope }: BlockLines): OverheadLine {
  return { fixedBytes: intercept, share: slope };
}
