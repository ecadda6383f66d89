import type { Category, Unit } from '../model/metric.ts';
import { findHarnessMetric } from './metrics.ts';

const kinds: Readonly<Record<Unit, string>> = {
  ns: 'time',
  'ns/op': 'time',
  'ops/s': 'rate',
  'bytes/s': 'rate',
  bytes: 'bytes',
  count: 'count',
  ratio: 'share',
};

/**
 * Which metrics share a noise floor, as `category/kind`: those that tools report by what they are (`io/rate`,
 * `syscall/time`), over all workloads of the category. Of the harness's own metrics each is a kind of its own
 * (`startup/startup.to_output`, `io/memory.peak`), because some are far noisier than others of the same unit: CPU time
 * split by timer ticks would drown the exact total.
 */
export function metricClass(metric: string, unit: Unit, category: Category): string {
  return `${category}/${findHarnessMetric(metric) === undefined ? kinds[unit] : metric}`;
}
