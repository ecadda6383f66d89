import { type MetricName, workloadMetricNames } from '../../../workloads/lib/metric-names.ts';
import type { Lang } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import { familyNames } from '../../core/metrics/process.ts';
import { harnessMetrics } from '../../core/metrics/registry.ts';
import { lookup } from '../../core/model/nearest.ts';
import { findRole } from '../../core/runtimes/registry.ts';

const names: Readonly<Record<string, MetricName>> = {
  ...Object.fromEntries(
    harnessMetrics.flatMap(({ id, label }) => (label === undefined ? [] : [[id, label]])),
  ),
  ...familyNames,
  ...workloadMetricNames,
};

/**
 * Name of a metric, or its id if it has none. A member of a family, such as one system call, is named by the template of its
 * family.
 */
export function metricName(metric: string, lang: Lang): string {
  const own = lookup(names, metric);
  if (own !== undefined && typeof own !== 'function') return translate(own, lang);
  const dot = metric.indexOf('.');
  const family = lookup(names, `${metric.slice(0, dot)}.*`);
  if (typeof family !== 'function') return metric;
  const member = metric.slice(dot + 1);
  return translate(family({ member: findRole(member)?.name ?? member }), lang);
}
