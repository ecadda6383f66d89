import { expect, test } from 'vitest';
import type { Synthetic } from '../support.ts';
import { data, standard } from './drawn.ts';

/** The parts of the bar of startup/true under a runtime. */
const parts = (input: Synthetic, runtime: string) =>
  data(input, 'cost').flatMap((value) =>
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
