import { heldBytes } from '../../../../workloads/lib/held-memory.ts';
import { parseParams } from '../../../core/model/cell.ts';
import { ownProcesses, resident } from '../../../core/model/footprint.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import { type BlockLines, blockLines, type Point } from './block-lines.ts';
import { type MeasuredRun, trialsOf } from './measured-run.ts';
import type { OverheadLine, SizeOverhead } from './overhead-record.ts';
import { leastSizes, partWorkloads } from './parts.ts';

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
