import type { MetricDefinition } from '../../src/core/model/workload/metric.ts';

/** The headline of workloads that leave a container at rest; the harness derives it from the snapshot. */
export const idleMemoryMetric: MetricDefinition = {
  id: 'memory.resident',
  unit: 'bytes',
  better: 'lower',
  description:
    'memory of all processes of the sandbox, each page once and in full, without the daemons, and shared memory of its cgroup that none of them maps',
};
