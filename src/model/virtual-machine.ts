import type { RuntimeFamily, VirtualMachine } from './runtime.ts';
import type { ProcessUsage } from './trial.ts';

/**
 * The virtual machine among the processes that work for a container; null where there is none. Kata's Rust runtime can have it
 * inside the shim (Dragonball), so that of Kata without a monitor the shim stands for it.
 */
export function virtualMachineOf(
  processes: readonly ProcessUsage[],
  family: RuntimeFamily | undefined,
): VirtualMachine | null {
  const monitors = processes.filter(({ role }) => role === 'vmm');
  const found =
    monitors.length === 0 && family === 'kata' ? processes.filter(({ role }) => role === 'shim') : monitors;
  const [first] = found;
  if (first === undefined) return null;
  return {
    comm: first.comm,
    inCgroup: found.every(({ inCgroup }) => inCgroup),
    emulation: found.find(({ emulation }) => emulation)?.emulation ?? null,
  };
}
