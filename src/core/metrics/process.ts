import { messages } from '../messages/define.ts';
import type { ProcessRole } from '../model/trial/trial.ts';
import { roles } from '../runtimes/registry.ts';
import { type HarnessMetric, metric } from './metric.ts';

/** Names of families of metrics with one metric per process role. */
export const familyNames = messages('metric', { 'pss.*': 'memory (PSS): {member}' });

/** CPU of the engine, and memory of the host processes that work for a container. */
export const processMetrics: readonly HarnessMetric[] = [
  metric({
    id: 'engine.cpu',
    unit: 'ns',
    better: 'lower',
    label: 'CPU of the engine',
    description:
      'CPU time used over the trial outside the container’s cgroup: dockerd, containerd, shims, short-lived runtime processes and, where the runtime leaves them there, VMM and virtiofsd. Difference of the cgroups of dockerd and containerd and of those in which Kata puts a sandbox’s overhead (/kata_overhead). It includes other work of the same engine.',
  }),
  metric({
    id: 'total.cpu',
    unit: 'ns',
    better: 'lower',
    label: 'CPU in total',
    description:
      'cpu.usage + engine.cpu: the whole cost, with nothing counted twice. Absent unless both are known and no process of the container was seen in a third cgroup.',
  }),
  metric({
    id: 'memory.resident',
    unit: 'bytes',
    better: 'lower',
    label: 'resident memory',
    description:
      'Every page in memory that the processes of the container map, once and at its full size: anonymous memory (Pss_Anon of smaps_rollup), files and shared memory (smaps, pagemap), and memory.unmapped_shmem. What else runs on the host does not change it. Excludes unmapped page cache, kernel memory and daemons.',
  }),
  metric({
    id: 'memory.private',
    unit: 'bytes',
    better: 'lower',
    label: 'resident memory without shared files',
    description:
      'memory.resident without the files that every container of the same programs shares (program text, libraries), which a host holds only once: what one more such container costs.',
  }),
  metric({
    id: 'memory.footprint',
    unit: 'bytes',
    better: 'lower',
    label: 'memory footprint',
    description:
      'pss.total + memory.unmapped_shmem: the user-space memory that the container costs the host, in proportion. It falls with every other container of the host that maps the same files: see memory.resident. Excludes unmapped page cache, kernel memory and daemons.',
  }),
  metric({
    id: 'memory.unmapped_shmem',
    unit: 'bytes',
    better: 'lower',
    label: 'shared memory that no process maps',
    description:
      'Shared memory (memfd, tmpfs) that the container’s cgroup is charged for (shmem of memory.stat) and that none of its processes maps, so that no PSS shows it: most of an application’s memory under gVisor.',
  }),
  metric({
    id: 'pss.total',
    unit: 'bytes',
    better: 'lower',
    label: 'memory of all processes (PSS)',
    description:
      'Proportional set size (/proc/<pid>/smaps_rollup) of every host process that works for the container, at its highest snapshot: program or sandbox, gofer, shim, VMM, helpers. Excludes dockerd and containerd, which all containers share, unmapped page cache and kernel memory. Under gVisor it leaves out application memory that no stub maps at the moment: see memory.footprint.',
  }),
  metric({
    id: 'pss.outside',
    unit: 'bytes',
    better: 'lower',
    label: 'memory outside the cgroup (PSS)',
    description:
      'The part of pss.total in processes that the container’s cgroup is not charged for, such as the shim and, under Kata without sandbox_cgroup_only, the VMM: what a memory limit does not see.',
  }),
  ...roles.map(({ id }) => roleMemory(id)),
];

/** Memory of the processes of a role. The role may be unknown to this version. */
export function roleMemory(role: ProcessRole): HarnessMetric {
  return {
    id: `pss.${role}`,
    unit: 'bytes',
    better: 'lower',
    description: `Proportional set size of the processes of role “${role}” at the highest snapshot, /proc/<pid>/smaps_rollup.`,
  };
}
