import type { MetricDefinition } from '../model/metric.ts';
import { cgroupMetrics } from './definitions/cgroup.ts';
import { processMetrics } from './definitions/process.ts';
import { startupMetrics } from './definitions/startup.ts';
import { workMetrics } from './definitions/work.ts';

/**
 * Every metric that the harness itself derives, whatever the workload. Differences between cgroup v1 and v2
 * are in the descriptions; where a kernel lacks a file, the metric is absent.
 */
export const harnessMetrics: readonly MetricDefinition[] = [
  ...startupMetrics,
  ...cgroupMetrics,
  ...processMetrics,
  ...workMetrics,
];

const byId = new Map(harnessMetrics.map((metric) => [metric.id, metric]));

/** The harness metric of that id; undefined for a metric that only a workload's tool reports. */
export function findHarnessMetric(id: string): MetricDefinition | undefined {
  return byId.get(id);
}
