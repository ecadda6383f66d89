import type { RuntimeFamily, VirtualMachine } from '../../model/runtime/runtime.ts';
import type { ProcessUsage } from '../../model/trial/trial.ts';
import { familyOf } from '../registry.ts';

/**
 * The virtual machine among the processes of a container; null where there is none. Without a monitor it is the shim,
 * where a family can run it inside the shim.
 */
export function virtualMachineOf(
  processes: readonly ProcessUsage[],
  family: RuntimeFamily | undefined,
): VirtualMachine | null {
  const monitors = processes.filter(({ role }) => role === 'vmm');
  const found =
    monitors.length === 0 && familyOf(family).guestInShim === true
      ? processes.filter(({ role }) => role === 'shim')
      : monitors;
  const [first] = found;
  if (first === undefined) return null;
  return {
    comm: first.comm,
    inCgroup: found.every(({ inCgroup }) => inCgroup),
    emulation: found.find(({ emulation }) => emulation)?.emulation ?? null,
  };
}
