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
 * Class of metrics that share a noise floor, as `category/kind`. Metrics of tools are classed by kind of quantity
 * (`io/rate`, `syscall/time`), over all workloads of the category. Each of the harness's own metrics is its own kind
 * (`startup/startup.to_output`, `io/other memory.peak`). Some of them are far noisier than others of the same unit: CPU
 * time split by timer ticks would drown the exact total. Metrics beside a headline form a separate class. Among two
 * hundred single system calls, one is always far off. The memory of a busy program does not predict that of an idle
 * one.
 */
export function metricClass(metric: string, unit: Unit, category: Category, headline: boolean): string {
  const kind = findHarnessMetric(metric) === undefined ? kinds[unit] : metric;
  return `${category}/${headline ? '' : 'other '}${kind}`;
}
