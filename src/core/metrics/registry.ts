import { cgroupMetrics } from './cgroup/index.ts';
import type { HarnessMetric } from './metric.ts';
import { processMetrics, roleMemory } from './process.ts';
import { startupMetrics } from './startup.ts';
import { workMetrics } from './work.ts';

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
