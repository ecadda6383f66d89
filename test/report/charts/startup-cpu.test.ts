import { expect, test } from 'vitest';
import type { Synthetic } from '../support.ts';
import { data, drawn, standard } from './drawn.ts';

const subjectOf = ({ subject }: { readonly subject?: unknown }) => String(subject).split(',')[0];
/** The data of startup/true under a runtime. */
const of = (input: Synthetic, runtime: string) =>
  data(input, 'startup-cpu').filter((value) => subjectOf(value) === 'true' && value.runtime === runtime);
const parts = (input: Synthetic, runtime: string) =>
  of(input, runtime).flatMap(({ part }) => (part === undefined ? [] : [part]));
const rowOf = (runtime: string, metric: string) =>
  standard.analysis.rows.find(
    (row) => row.workload === 'startup/true' && row.runtime === runtime && row.metric === metric,
  );

test('cpu of a start: a bar is of both parts, or of their sum where the cgroup counted nothing, never of one', () => {
  const rows = standard.analysis.rows.filter((row) => row.metric !== 'cpu.usage' || row.runtime !== 'runsc');
  const virtual = { ...standard, analysis: { ...standard.analysis, rows } };
  expect(parts(virtual, 'crun')).toEqual(['container’s cgroup', 'engine']);
  expect(parts(virtual, 'runsc')).toEqual(['both together']);
  expect(parts(standard, 'runsc')).toEqual(['container’s cgroup', 'engine']);
});

test('cpu of a start: bars are differences to the baseline, which is in the title of each picture', () => {
  expect(of(standard, 'runc')).toEqual([]);
  const base = rowOf('runc', 'total.cpu');
  expect(data(standard, 'startup-cpu').map(({ subject }) => String(subject))).toContainEqual(
    expect.stringMatching(/^true, runc: [\d.]+ ms$/),
  );
  for (const runtime of ['crun', 'runsc']) {
    const row = rowOf(runtime, 'total.cpu');
    const whole = of(standard, runtime).find(({ label }) => label !== undefined);
    const expected = ((base?.median ?? 0) * ((row?.ratio ?? 1) - 1)) / 1e6;
    expect(Number(whole?.whole)).toBeCloseTo(expected, 0);
    expect(Number(whole?.low)).toBeLessThanOrEqual(expected);
    expect(Number(whole?.high)).toBeGreaterThanOrEqual(expected);
  }
});

test('cpu of a start: behind a bar stand its difference and its ratio, which agree', () => {
  const label = (runtime: string) =>
    String(of(standard, runtime).find((value) => value.label !== undefined)?.label);
  expect(label('runsc')).toMatch(/^\+[\d.]+ ms \([\d.]+×\)$/);
  expect(label('crun')).toMatch(/^−[\d.]+ ms \(0\.\d+×\)$/);
  const base = (rowOf('runc', 'total.cpu')?.median ?? 0) / 1e6;
  const [, more = 0, ratio = 0] = (/^\+([\d.]+) ms \(([\d.]+)×\)$/.exec(label('runsc')) ?? []).map(Number);
  expect((base + more) / base).toBeCloseTo(ratio, 1);
});

test('cpu of a start: without a ratio there is nothing to draw', () => {
  const rows = standard.analysis.rows.map((row) => ({ ...row, ratio: null }));
  expect(() => drawn('startup-cpu', { ...standard, analysis: { ...standard.analysis, rows } })).toThrow(
    'startup-cpu is not drawn',
  );
});
