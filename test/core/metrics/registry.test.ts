import { expect, test } from 'vitest';
import { cgroupMetrics } from '../../../src/core/metrics/cgroup/index.ts';
import { findHarnessMetric, harnessMetrics } from '../../../src/core/metrics/registry.ts';
import { roles } from '../../../src/core/runtimes/registry.ts';

test.each(cgroupMetrics.map((metric) => [metric.id, metric] as const))(
  '%s is read from a file of cgroup v2, and of v1 or says why not',
  (_, { v1, v2 }) => {
    const missing = { files: {}, stacked: new Set<string>() };
    expect(v2.read({ ...missing, throttlePeers: [] })).toMatchObject({
      absent: expect.stringContaining(v2.file),
    });
    const figure = v1.read({ ...missing, rootBlkio: '', forgetsRemoved: false, below: [] });
    expect(figure).toHaveProperty('absent');
    expect(v1.controller === null).toBe(v1.files.length === 0);
  },
);

test('every process role has a memory metric', () => {
  const ids = harnessMetrics.map(({ id }) => id);
  for (const { id } of roles) expect(ids).toContain(`pss.${id}`);
});

test('so has a role of another version, which no list names', () => {
  expect(findHarnessMetric('pss.netd')).toMatchObject({ id: 'pss.netd', unit: 'bytes', better: 'lower' });
  expect(harnessMetrics.map(({ id }) => id)).not.toContain('pss.netd');
});

test('ids are unique and every metric is described', () => {
  expect(new Set(harnessMetrics.map((metric) => metric.id)).size).toBe(harnessMetrics.length);
  for (const { id, description } of harnessMetrics) expect(description, id).toMatch(/^\S.{25,}\.$/);
});
