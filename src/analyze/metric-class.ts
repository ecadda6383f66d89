import { findHarnessMetric } from '../metrics/registry.ts';
import type { Category, Unit } from '../model/metric.ts';

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
 * (`startup/startup.to_output`, `io/other memory.peak`), because some are far noisier than others of the same unit: CPU time
 * split by timer ticks would drown the exact total. What is reported beside a headline is a class apart: of two hundred
 * single system calls one is always far off, and the memory of a program that is busy with it says nothing of that of an
 * idle one.
 */
export function metricClass(metric: string, unit: Unit, category: Category, headline: boolean): string {
  const kind = findHarnessMetric(metric) === undefined ? kinds[unit] : metric;
  return `${category}/${headline ? '' : 'other '}${kind}`;
}
