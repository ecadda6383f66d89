import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { pairedT } from '../../../src/core/analyze/stats/paired-centre.ts';
import { cellKey } from '../../../src/core/model/trial/cell.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { cell, lineWorkload, measurement, runRecord } from '../../support/records.ts';

const workloads = [lineWorkload('syscall/calls')];
const scatter = [0, 0.3, -0.3, 0.15, -0.15, 0.05];
/** Blocks 1 to 8 of the run, and 10 to 15 of an extension whose warm-up is block 9. */
const first = Array.from({ length: 8 }, (_, i) => i + 1);
const later = Array.from({ length: 6 }, (_, i) => i + 10);
/** runsc costs 1.25 times as much in `blocks`, by a scatter that hides it in the first of them. */
const logOf = (block: number) => Math.log(1.25) + (scatter[block % 6] ?? 0) * (block < 9 ? 1.2 : 0.1);
const values = (blocks: readonly number[], metric?: string): Measurement[] =>
  blocks.flatMap((block) => [
    measurement('runc', block, 100, metric === undefined ? {} : { metric }),
    measurement('runsc', block, 100 * Math.exp(logOf(block)), metric === undefined ? {} : { metric }),
  ]);
const extension = {
  fromBlock: 9,
  startedAt: '2026-01-01T00:00:00.000Z',
  maxTimeMs: 1000,
  cells: [cellKey(cell('runsc'))],
};

function rowOf(measurements: readonly Measurement[], extensions: (typeof extension)[], metric?: string) {
  const run = { ...runRecord(), ...(extensions.length === 0 ? {} : { extensions }) };
  const { rows } = analyze({ run, measurements, workloads });
  const found = rows.find(
    (row) => row.runtime === 'runsc' && (metric === undefined ? row.headline : row.metric === metric),
  );
  if (found === undefined) throw new Error('there is no such row');
  return found;
}

test('an extension decides with its own blocks at a quarter of the level, and all blocks make the interval', () => {
  const before = rowOf(values(first), []);
  expect(before).toMatchObject({ verdict: 'inconclusive', pairs: 8 });
  const after = rowOf(values([...first, ...later]), [extension]);
  const own = pairedT(later.map(logOf));
  expect(after.pAdjusted).toBeCloseTo(4 * (own?.p ?? 1), 15);
  expect(after).toMatchObject({ verdict: 'slower', pairs: 14 });
  const whole = rowOf(values([...first, ...later]), []);
  for (const field of ['ratio', 'ratioCiLow', 'ratioCiHigh', 'ratio90Low'] as const)
    expect(after[field]).toBe(whole[field]);
});

test('what a run claimed before stands, whatever its extension brings', () => {
  const slow = first.flatMap((block) => [
    measurement('runc', block, 100),
    measurement('runsc', block, 150 + block),
  ]);
  const before = rowOf(slow, []);
  expect(before.verdict).toBe('slower');
  const noisy = later.flatMap((block) => [
    measurement('runc', block, 100),
    measurement('runsc', block, block % 2 === 0 ? 300 : 80),
  ]);
  const after = rowOf([...slow, ...noisy], [extension]);
  expect(after.pAdjusted).toBe(before.pAdjusted);
});

test('other metrics of a chosen cell, and cells that were not chosen, are tested before the extension', () => {
  const both = (blocks: readonly number[]) => [...values(blocks), ...values(blocks, 'cpu.usage')];
  const before = rowOf(both(first), [], 'cpu.usage');
  const after = rowOf(both([...first, ...later]), [extension], 'cpu.usage');
  expect(after.p).toBe(before.p);
  expect(after.pairs).toBe(14);
  const other = { ...extension, cells: [cellKey(cell('crun'))] };
  expect(rowOf(values([...first, ...later]), [other]).p).toBe(rowOf(values(first), []).p);
});
