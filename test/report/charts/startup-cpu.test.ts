import { expect, test } from 'vitest';
import type { Synthetic } from '../support.ts';
import { data, standard } from './drawn.ts';

/** The parts of the bar of startup/true under a runtime. */
const parts = (input: Synthetic, runtime: string) =>
  data(input, 'startup-cpu').flatMap((value) =>
    value.subject === 'startup/true' && value.runtime === runtime && value.part !== undefined
      ? [value.part]
      : [],
  );

test('cost: a bar is of both parts, or of their sum where the cgroup counted nothing, never of one', () => {
  const rows = standard.analysis.rows.filter((row) => row.metric !== 'cpu.usage' || row.runtime !== 'runsc');
  const virtual = { ...standard, analysis: { ...standard.analysis, rows } };
  expect(parts(virtual, 'runc')).toEqual(['container’s cgroup', 'engine']);
  expect(parts(virtual, 'runsc')).toEqual(['both together']);
  expect(parts(standard, 'runsc')).toEqual(['container’s cgroup', 'engine']);
});

test('cost: behind a bar stands how much more than the baseline’s it is, not how many times', () => {
  const total = (runtime: string) =>
    standard.analysis.rows.find(
      (row) => row.workload === 'startup/true' && row.runtime === runtime && row.metric === 'total.cpu',
    )?.median ?? 0;
  const labels = data(standard, 'startup-cpu').filter(
    (value) => value.subject === 'startup/true' && value.label !== undefined,
  );
  const of = (runtime: string) => String(labels.find((value) => value.runtime === runtime)?.label);
  expect(of('runc')).toMatch(/^[\d.]+ ms$/);
  const more = Number.parseFloat(of('runsc').split('(')[1] ?? '');
  expect(more * 1e6).toBeCloseTo(total('runsc') - total('runc'), -7);
  expect(of('runsc')).toMatch(/ \(\+/);
  expect(of('crun')).toMatch(/ \(−/);
});
