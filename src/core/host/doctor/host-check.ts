import { messages } from '../../messages/define.ts';
import type { CheckDefinition } from '../../model/machine/check.ts';
import type { HostFacts } from '../../model/machine/host.ts';

const words = messages('doctor', {
  unifiedBoot: 'boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line',
});

/** How to boot a machine with cgroup v2 only. */
export const { unifiedBoot } = words;

/** Inputs of a check in addition to the machine's facts; absent or null: unknown. */
export interface CheckInputs {
  /** Is this process root's? */
  readonly root?: boolean | null;
  /** Does ocibench place the engine's containers in cgroups, and read those? Absent: yes. */
  readonly engineIsLocal?: boolean;
  /** Number of running containers that are not ocibench's. */
  readonly otherContainers?: number | null;
  /** Free space for images and scratch files, bytes. */
  readonly freeBytes?: number | null;
  /** Docker's data directory and its free space; absent where it is not on this host. */
  readonly dockerDisk?: { readonly path: string; readonly freeBytes: number } | null;
  /** Number of shims, sandboxes and virtual machines of other engines. */
  readonly foreignSandboxes?: number | null;
  /** CPU time that the hypervisor gave to others since boot, as a fraction of the CPU time that this machine requested. */
  readonly stealShare?: number | null;
  /** Smallest step of the clock, ns. */
  readonly clockStepNs?: number | null;
}

/** The machine that is checked. */
export interface HostState {
  readonly host: HostFacts;
  readonly around: CheckInputs;
}

/** A check of the machine: a file of `host/` that exports one by default. */
export interface HostCheck extends CheckDefinition<HostState> {
  /** Position in the list, lowest first. */
  readonly order: number;
}
