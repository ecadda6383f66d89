import { expect, test } from 'vitest';
import { cgroupMetrics } from '../../src/analyze/definitions/cgroup.ts';
import { findHarnessMetric, harnessMetrics } from '../../src/analyze/metrics.ts';
import { cgroupMetricIds } from '../../src/collect/cgroup-metrics.ts';
import { processRoleSchema } from '../../src/model/trial.ts';

test('every figure that the collectors read is defined, and no other', () => {
  expect(cgroupMetrics.map((metric) => metric.id).sort()).toEqual([...cgroupMetricIds].sort());
});

test('every process role has a memory metric', () => {
  for (const role of processRoleSchema.options) expect(findHarnessMetric(`pss.${role}`)?.unit).toBe('bytes');
});

test('ids are unique and every metric is described', () => {
  expect(new Set(harnessMetrics.map((metric) => metric.id)).size).toBe(harnessMetrics.length);
  for (const { id, description } of harnessMetrics) expect(description, id).toMatch(/^\S.{25,}\.$/);
});
