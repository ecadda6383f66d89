import { expect, test } from 'vitest';
import { collectFacts } from '../../../../src/core/analyze/values/facts.ts';
import type { Fact } from '../../../../src/core/model/workload/metric.ts';
import { cell, trialRecord } from '../../../support/records.ts';

const said = (block: number, runtime: string, ...facts: Fact[]) => ({
  trial: trialRecord({ cell: cell(runtime, 'isolation/facts'), block }),
  facts,
});
const release = (value: string): Fact => ({ id: 'kernel.release', value });

test('one row per cell and fact, with what most trials said', () => {
  const rows = collectFacts([
    said(1, 'runc', release('a'), { id: 'devices', value: '14' }),
    said(1, 'runsc', release('4.4.0')),
    said(2, 'runc', release('b')),
    said(3, 'runc', release('b')),
  ]);
  expect(rows.map(({ runtime, id, value, trials, varies }) => [runtime, id, value, trials, varies])).toEqual([
    ['runc', 'kernel.release', 'b', 3, true],
    ['runc', 'devices', '14', 1, false],
    ['runsc', 'kernel.release', '4.4.0', 1, false],
  ]);
});

test('of values that were said equally often the first counts', () => {
  expect(collectFacts([said(1, 'runc', release('a')), said(2, 'runc', release('b'))])[0]).toMatchObject({
    value: 'a',
    varies: true,
  });
});

test('a warm-up trial says nothing', () => {
  expect(collectFacts([said(0, 'runc', release('a'))])).toEqual([]);
});

test('cells that differ in anything have facts of their own', () => {
  const one = said(1, 'runc', release('a'));
  const other = {
    ...one,
    trial: { ...one.trial, cell: { ...one.trial.cell, params: 'network=bridge' } },
  };
  expect(collectFacts([one, other])).toHaveLength(2);
});

test('a value is cut, not kept at any length', () => {
  const [row] = collectFacts([said(1, 'runc', release('\u{1f600}'.repeat(5000)))]);
  expect(row?.value.length).toBeLessThanOrEqual(1000);
  expect(row?.value.isWellFormed()).toBe(true);
});
