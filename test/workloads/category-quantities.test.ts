import { expect, test } from 'vitest';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { categorySchema, holdsTestsOf, isQuantityOf } from '../../src/core/model/workload/metric.ts';

test('the category of every shipped workload holds tests of the quantity of its first metric', async () => {
  const workloads = await loadWorkloads();
  expect(workloads.length).toBeGreaterThan(40);
  for (const { id, category, metrics } of workloads)
    expect(holdsTestsOf(category, metrics[0]), `${id} in ${category}: ${metrics[0]?.unit}`).toBe(true);
  // Those whose category is not the first part of their id.
  const elsewhere = workloads.filter(({ id, category }) => !id.startsWith(`${category}/`));
  const named = new Map(elsewhere.map(({ id, category }) => [id, category]));
  expect(named.get('startup/density')).toBe('memory');
  expect(named.get('memory/fault')).toBe('syscall');
  expect(named.get('memory/sysbench')).toBe('cpu');
});

test('no category is about two quantities', () => {
  for (const category of categorySchema.options) {
    expect(isQuantityOf('bytes', category), category).not.toBe(isQuantityOf('ns', category));
    if (isQuantityOf('bytes', category)) expect(isQuantityOf('bytes/s', category), category).toBe(false);
  }
  expect(isQuantityOf('ns/op', 'startup')).toBe(false);
  expect(holdsTestsOf('startup', { unit: 'count', better: 'neither' })).toBe(true);
  expect(holdsTestsOf('cpu', { unit: 'count', better: 'lower' })).toBe(false);
});
