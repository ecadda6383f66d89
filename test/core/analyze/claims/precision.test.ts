import { expect, test } from 'vitest';
import { headlinePrecision, wantedBy } from '../../../../src/core/analyze/claims/precision.ts';
import { cellKey } from '../../../../src/core/model/trial/cell.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import {
  cell,
  kataMissing,
  lineWorkload,
  measurement,
  runRecord,
  runSubject,
  runtimeFacts,
} from '../../../support/records.ts';

const workloads = [lineWorkload('syscall/calls')];
const keyOf = (runtime: string) => `${runtime}|default|docker|syscall/calls|`;

function precisionOf(measurements: readonly Measurement[], run = runRecord(), known = workloads) {
  return headlinePrecision({ run, measurements, workloads: known, wanted: wantedBy(run.config) });
}

/** Baseline 100, crun between 99 and 101 % of it, runsc twice as slow, with a spread of 10 %. */
function blocks(n: number): Measurement[] {
  return Array.from({ length: n }, (_, i) => [
    measurement('runc', i + 1, 100),
    measurement('crun', i + 1, i % 2 === 0 ? 99 : 101),
    measurement('runsc', i + 1, i % 2 === 0 ? 190 : 210),
  ]).flat();
}

test('is half the width of the interval as a fraction of the ratio', () => {
  const found = precisionOf(blocks(10));
  expect(found.map(({ cell: { runtime }, pairs, target }) => [runtime, pairs, target])).toEqual([
    ['crun', 10, 0.03],
    ['runsc', 10, 0.03],
  ]);
  expect(found.map((each) => cellKey(each.cell))).toEqual([keyOf('crun'), keyOf('runsc')]);
  const [crun, runsc] = found.map((each) => each.halfWidth ?? Number.NaN);
  expect(crun).toBeCloseTo(0.01, 3);
  expect(runsc).toBeCloseTo(0.05, 3);
  for (const { ratio, low, high, halfWidth } of found)
    expect(((high ?? 0) - (low ?? 0)) / 2 / (ratio ?? 1)).toBe(halfWidth);
});

test('does not depend on where the ratio lies', () => {
  const precision = (factor: number) => {
    const measurements = blocks(10).map((m) =>
      m.cell.runtime === 'crun' ? { ...m, value: (m.value ?? 0) * factor } : m,
    );
    return precisionOf(measurements)[0]?.halfWidth ?? Number.NaN;
  };
  expect(precision(40) / precision(1)).toBeCloseTo(1, 10);
});

test('is unknown below six pairs', () => {
  const found = precisionOf(blocks(5));
  expect(found.map(({ halfWidth, pairs }) => [halfWidth, pairs])).toEqual([
    [null, 5],
    [null, 5],
  ]);
});

test('takes the target of the run before that of the workload', () => {
  const run = runRecord({ config: { precision: 0.1 } });
  expect(precisionOf([], run).map(({ target }) => target)).toEqual([0.1, 0.1]);
});

test('looks at the headline metric only, and not at warm-up', () => {
  const others = blocks(10).map((m) => ({ ...m, metric: 'cpu.usage' }));
  const warmup = blocks(10).map((m) => ({ ...m, phase: 'warmup' as const }));
  const found = precisionOf([...others, ...warmup]);
  expect(found.map(({ halfWidth, pairs }) => [halfWidth, pairs])).toEqual([
    [null, 0],
    [null, 0],
  ]);
});

test('keeps subjects and cells without values, and leaves out what cannot run', () => {
  const run = runRecord({
    runtimes: [runtimeFacts('runc'), runtimeFacts('runsc'), runtimeFacts('kata', kataMissing)],
    subjects: [runSubject('syscall/calls'), runSubject('io/read', { unsupported: { runsc: 'no io_uring' } })],
  });
  const all = [...workloads, lineWorkload('io/read')];
  const failed = Array.from({ length: 8 }, (_, i) => [
    measurement('runc', i, 100),
    measurement('runsc', i, null, { cell: cell('runsc') }),
  ]).flat();
  expect(precisionOf(failed, run, all)).toEqual([
    {
      cell: expect.objectContaining({ runtime: 'runsc', workload: 'syscall/calls' }),
      ratio: null,
      low: null,
      high: null,
      halfWidth: null,
      target: 0.03,
      pairs: 0,
      shift: null,
      settled: null,
    },
  ]);
});

test('no target is wider than what equivalence needs, but for one that was asked for', () => {
  const wide = [{ ...lineWorkload('syscall/calls'), precision: 0.1 }];
  const targets = (run = runRecord()) => precisionOf([], run, wide).map(({ target }) => target);
  expect(targets()).toEqual([0.03, 0.03]);
  expect(targets(runRecord({ config: { precision: 0.2 } }))).toEqual([0.2, 0.2]);
});

test('the baseline of a block is the mean of its arms there', () => {
  const measurements = [
    ...blocks(8),
    ...Array.from({ length: 4 }, (_, i) => measurement('runc#2', i + 1, 121)),
  ];
  const found = precisionOf(measurements).find(({ cell: { runtime } }) => runtime === 'crun');
  expect(found?.ratio).toBeCloseTo(1 / Math.sqrt(1.1), 2);
});

test('says what needs no more blocks', () => {
  const settled = (n: number) => precisionOf(blocks(n)).map((each) => each.settled);
  expect(settled(5)).toEqual([null, null]);
  expect(settled(6)).toEqual([null, 'clear']);
  expect(settled(8)).toEqual(['precise', 'clear']);
  const run = runRecord({ config: { precision: 0.02 } });
  expect(precisionOf(blocks(12), run).map((each) => each.settled)).toEqual(['precise', null]);
});
