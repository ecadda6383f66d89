import { expect, test } from 'vitest';
import { serviceOf } from '../../../src/core/config/service-shape.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import { harnessMetrics } from '../../../src/core/metrics/registry.ts';
import { metricName } from '../../../src/report/words/metric.ts';
import { workloadMetricNames } from '../../../workloads/lib/metric-names.ts';
import { serviceWorkloads } from '../../../workloads/lib/service-workloads.ts';

/** A job, and a service under a load by each tool whose report is read, and by another program. */
const services = [undefined, 'wrk', 'ab', 'hey', 'redis-benchmark', 'curl'].map((tool, at) =>
  serviceOf({
    image: 'x',
    name: `x${at}`,
    ...(tool === undefined ? {} : { ready: 80, load: `${tool} {address}` }),
  }),
);
const workloads = [...(await loadWorkloads()), ...services.flatMap(serviceWorkloads)];
const ids = [...workloads.flatMap(({ metrics }) => metrics), ...harnessMetrics].map(({ id }) => id);

test.each(['en', 'fr'] as const)(
  'every metric of a shipped workload and of the harness has words in %s',
  (lang) => {
    expect([...new Set(ids)].filter((id) => metricName(id, lang) === id)).toEqual([]);
  },
);

test('every label is that of a metric', () => {
  const stands = (label: string) =>
    ids.includes(label) || (label.endsWith('.*') && ids.some((id) => id.startsWith(label.slice(0, -1))));
  expect(Object.keys(workloadMetricNames).filter((label) => !stands(label))).toEqual([]);
});

test('headlines of one workload have other names than its other metrics', () => {
  for (const { id, metrics } of workloads) {
    const labels = metrics.map((metric) => metricName(metric.id, 'fr'));
    expect(new Set(labels).size, id).toBe(labels.length);
  }
});

test('a member of a family is named by the template of the family', () => {
  expect(metricName('syscall.getpid', 'en')).toBe('cost of getpid()');
  expect(metricName('syscall.getpid', 'fr')).toBe('coût de getpid()');
  expect(metricName('pss.shim', 'fr')).toBe('mémoire (PSS)\u00a0: shim de containerd');
});

test('a metric of a workload of the user’s own is called by its id', () => {
  expect(metricName('checkout.orders', 'fr')).toBe('checkout.orders');
  expect(metricName('orders', 'fr')).toBe('orders');
});
