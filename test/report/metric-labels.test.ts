import { expect, test } from 'vitest';
import { loadWorkloads } from '../../src/config/workloads.ts';
import { harnessMetrics } from '../../src/metrics/registry.ts';
import { messages, metricLabel } from '../../src/report/messages/index.ts';
import { metricLabels } from '../../src/report/messages/metrics.ts';

const workloads = await loadWorkloads();
const ids = [...workloads.flatMap(({ metrics }) => metrics), ...harnessMetrics].map(({ id }) => id);

test.each(['en', 'fr'] as const)(
  'every metric of a shipped workload and of the harness has words in %s',
  (lang) => {
    const m = messages(lang);
    expect([...new Set(ids)].filter((id) => metricLabel(id, m) === id)).toEqual([]);
  },
);

test('every label is that of a metric', () => {
  const stands = (label: string) =>
    ids.includes(label) || (label.endsWith('.*') && ids.some((id) => id.startsWith(label.slice(0, -1))));
  expect(Object.keys(metricLabels).filter((label) => !stands(label))).toEqual([]);
});

test('headlines of one workload are told apart from its other metrics', () => {
  for (const { id, metrics } of workloads) {
    const labels = metrics.map((metric) => metricLabel(metric.id, messages('fr')));
    expect(new Set(labels).size, id).toBe(labels.length);
  }
});

test('a member of a family is told in the words of the family', () => {
  expect(metricLabel('syscall.getpid', messages('en'))).toBe('cost of getpid()');
  expect(metricLabel('syscall.getpid', messages('fr'))).toBe('coût de getpid()');
  expect(metricLabel('pss.shim', messages('fr'))).toBe('mémoire (PSS)\u00a0: shim de containerd');
});

test('a metric of a workload of the user’s own is called by its id', () => {
  expect(metricLabel('checkout.orders', messages('fr'))).toBe('checkout.orders');
  expect(metricLabel('orders', messages('fr'))).toBe('orders');
});
