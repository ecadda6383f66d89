import { messages } from '../../messages/define.ts';
import type { RuntimeFamily, VirtualMachine } from '../../model/runtime.ts';
import type { ProcessUsage } from '../../model/trial.ts';
import { familyOf } from '../registry.ts';
import type { Role } from '../role.ts';

const names = messages('role', { vmm: 'virtual machine', virtiofsd: 'virtiofsd' });

/** The virtual machine monitor: its memory contains the guest's. */
export const vmm: Role = {
  id: 'vmm',
  name: names.vmm,
  order: 60,
  color: '#117733',
  endsWithContainer: true,
  doesWork: true,
};

/** The guest's file server. */
export const virtiofsd: Role = {
  id: 'virtiofsd',
  name: names.virtiofsd,
  order: 70,
  color: '#999933',
  endsWithContainer: true,
  doesWork: true,
};

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
