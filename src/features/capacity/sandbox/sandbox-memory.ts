import { ownProcesses, resident } from '../../../core/model/footprint.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';

/** Memory of one sandbox that no other sandbox shares, bytes. */
export interface SandboxMemory {
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
  const { processes, shmemAtSnapshotBytes = null, mappedAtSnapshot = null, cgroup } = trial;
  const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
  if (held === null) return null;
  let outside = 0;
  for (const { inCgroup, pssAnonBytes, pssShmemBytes } of ownProcesses(processes)) {
    if (inCgroup) continue;
    if (pssAnonBytes === null || pssAnonBytes === undefined) return null;
    outside += pssAnonBytes + (pssShmemBytes ?? 0);
  }
  const kernel = ownCgroup ? cgroup?.figures['memory.kernel'] : undefined;
  return {
    inside: held.privateBytes - outside,
    outside,
    kernel: kernel !== undefined && 'value' in kernel ? kernel.value : null,
  };
}
