import { cgroupMetrics } from './cgroup/index.ts';
import { type HarnessMetric, metric } from './metric.ts';
import { processMetrics, roleMemory } from './process.ts';
import { startupMetrics } from './startup.ts';

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
      'CPU time per unit of work: of the container’s cgroup (program, sentry, gofer) and of the engine. Where the workload stamps the begin and end of its work, of that window only; where the harness ran the client, without the engine’s cost of starting it; else of the whole trial. Wall time alone hides what a runtime does on another core.',
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
