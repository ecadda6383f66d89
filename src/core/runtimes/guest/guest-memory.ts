import type { RuntimeFacts, RuntimeFamily } from '../../model/runtime/runtime.ts';
import { ownProcesses } from '../../model/trial/footprint.ts';
import type { ProcessRole, ProcessUsage } from '../../model/trial/trial.ts';
import { familyOf } from '../registry.ts';

/** Memory that a guest has beside the limits of its containers by Kata's own configuration files (`default_memory`), bytes. */
export const guestDefaultMemory = 2 ** 31;

/** The same of a runtime that was measured, by its configuration then. */
export function defaultMemoryOf(facts: Pick<RuntimeFacts, 'vm'> | undefined): number {
  return facts?.vm?.memoryBytes ?? guestDefaultMemory;
}

/** Least memory of a guest, bytes: a kernel that has booted has touched more. A shim without one holds less. */
const leastGuestBytes = 16 * 2 ** 20;

/** Memory of a sandbox around its guest, bytes. */
interface AroundGuest {
  readonly bytes: number;
  /** Is the guest's memory left out? Else it cannot be told from the monitor's, and is in it. */
  readonly isApart: boolean;
}

/**
 * Memory of shim, helpers and monitor by the processes of a sandbox. With virtio-fs the guest's memory is shared memory,
 * which monitor and virtiofsd map, and so is told apart. Else it is anonymous memory of the monitor. Null where no
 * process holds a guest, and where one could not be read.
 */
export function aroundGuest(
  processes: readonly ProcessUsage[],
  family: RuntimeFamily | undefined,
): AroundGuest | null {
  const all = ownProcesses(processes);
  const ofRole = (role: ProcessRole) => all.filter((each) => each.role === role);
  const monitors = ofRole('vmm');
  const machine = monitors.length === 0 && familyOf(family).guestInShim === true ? ofRole('shim') : monitors;
  let [anon, shmem] = [0, 0];
  for (const { pssAnonBytes, pssShmemBytes } of all) {
    if (pssAnonBytes === null) return null;
    anon += pssAnonBytes;
    shmem += pssShmemBytes ?? 0;
  }
  const shared = machine.reduce((sum, each) => sum + (each.pssShmemBytes ?? 0), 0);
  const own = machine.reduce((sum, each) => sum + (each.pssAnonBytes ?? 0), 0);
  if (own + shared < leastGuestBytes) return null;
  const isApart = shared >= leastGuestBytes;
  return { bytes: anon + (isApart ? 0 : shmem), isApart };
}
