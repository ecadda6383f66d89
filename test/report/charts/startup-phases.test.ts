import { expect, test } from 'vitest';
import { shownRows } from '../../../src/report/findings/shown-rows.ts';
import { data, drawn, standard } from './drawn.ts';

test('phases: bars are the values of their rows and start from zero', () => {
  const parts = data(standard, 'startup-phases').filter(
    (value) => value.subject === 'startup/true' && value.runtime === 'runsc' && value.part !== undefined,
  );
  const shown = (metric: string) =>
    shownRows(standard.analysis.rows).find(
      (row) => row.workload === 'startup/true' && row.runtime === 'runsc' && row.metric === metric,
    )?.median;
  expect(parts.map((part) => part.part)).toEqual([
    'create',
    'start to first output',
    'first output to exit',
    'remove',
    'between phases',
  ]);
  const total = parts.reduce((sum, part) => sum + Number(part.value), 0);
  expect(total * 1e6).toBeCloseTo(Number(shown('startup.total')), -7);
  expect(Number(parts[1]?.value) * 1e6).toBeCloseTo(Number(shown('startup.first_output')), -6);
  expect(JSON.stringify(drawn('startup-phases', standard).spec)).toContain('"domain":[0,');
});

test('phases: a phase that has room says what it is to the baseline’s, and so does the whole', () => {
  const all = data(standard, 'startup-phases').filter((value) => value.subject === 'startup/true');
  const row = standard.analysis.rows.find(
    (one) =>
      one.workload === 'startup/true' && one.runtime === 'runsc' && one.metric === 'startup.first_output',
  );
  const of = (runtime: string) => all.filter((value) => value.runtime === runtime);
  const part = of('runsc').find((value) => value.part === 'start to first output');
  expect(Number.parseFloat(String(part?.times))).toBeCloseTo(row?.ratio ?? 0, 0);
  expect(of('runc').every(({ times = '' }) => times === '')).toBe(true);
  for (const { part: name, times } of all) if (name !== undefined) expect(times).toEqual(expect.any(String));
  expect(of('runsc').find((value) => value.label !== undefined)?.label).toMatch(/^[\d.]+ ms \([\d.]+×/);
  expect(of('runc').find((value) => value.label !== undefined)?.label).toMatch(/^[\d.]+ ms$/);
});
