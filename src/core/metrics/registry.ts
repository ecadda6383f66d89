import { cgroupMetrics } from './cgroup/index.ts';
import { type HarnessMetric, metric } from './metric.ts';
import { processMetrics, roleMemory } from './process.ts';

/** Phases of a container’s life, from the marks of its trial. */
const startupMetrics: readonly HarnessMetric[] = [
  metric({
    id: 'startup.to_output',
    unit: 'ns',
    better: 'lower',
    label: 'time to first output',
    description:
      'From the create request to the first byte that the container prints: how long a user waits for an answer from a container that does not exist yet. Host CLOCK_MONOTONIC. Contains Docker, containerd and shim; not the image pull.',
  }),
  metric({
    id: 'startup.create',
    unit: 'ns',
    better: 'lower',
    label: 'create',
    description:
      'The create call of the engine API: file system and configuration. The engine does not call the OCI runtime yet, so runtimes should not differ.',
  }),
  metric({
    id: 'startup.start',
    unit: 'ns',
    better: 'lower',
    label: 'start',
    description:
      'The start call of the engine API until it answers: shim, OCI runtime create and start, network. Does not contain the work of the program itself.',
  }),
  metric({
    id: 'startup.first_output',
    unit: 'ns',
    better: 'lower',
    label: 'start to first output',
    description:
      'From the start request to the first byte printed: startup.start plus what the program needs until it prints. The byte may arrive before the start call answers.',
  }),
  metric({
    id: 'startup.run',
    unit: 'ns',
    better: 'lower',
    label: 'run',
    description:
      'From the first byte printed to the exit that the engine reports: the rest of the program and the engine noticing its end.',
  }),
  metric({
    id: 'startup.remove',
    unit: 'ns',
    better: 'lower',
    label: 'remove',
    description: 'The remove call of the engine API: unmounting, deleting files and cgroups.',
  }),
  metric({
    id: 'startup.total',
    unit: 'ns',
    better: 'lower',
    label: 'create to removed',
    description: 'From the create request to the answer of the remove call: a container’s whole life.',
  }),
];

/** Work done by a tool, if its workload counts it. */
const workMetrics: readonly HarnessMetric[] = [
  metric({
    id: 'work.units',
    unit: 'count',
    better: 'neither',
    label: 'units of work',
    description: 'Amount of work in the unit that the workload’s description names.',
  }),
  metric({
    id: 'work.cpu',
    unit: 'ns/op',
    better: 'lower',
    label: 'CPU per unit of work',
    description:
      'CPU time per unit of work: of the container’s cgroup (program, sentry, gofer) and of the engine. If the workload stamps the beginning and end of its work, only that window counts; if ocibench ran the client, without the engine’s cost of starting it; else the whole trial. Wall time alone hides what a runtime does on another core.',
  }),
];

/**
 * Every metric that the harness itself derives, for every workload. The descriptions say how cgroup v1 and v2 differ. A
 * metric is absent where the kernel lacks its file.
 */
export const harnessMetrics: readonly HarnessMetric[] = [
  ...startupMetrics,
  ...cgroupMetrics,
  ...processMetrics,
  ...workMetrics,
];

const byId = new Map(harnessMetrics.map((metric) => [metric.id, metric]));

/** Find the harness metric of an id; undefined for a metric that only a workload's tool reports. */
export function findHarnessMetric(id: string): HarnessMetric | undefined {
  return byId.get(id) ?? (id.startsWith('pss.') ? roleMemory(id.slice('pss.'.length)) : undefined);
}
