import { describe, expect, test } from 'vitest';
import { collectSamples } from '../../../../src/core/analyze/values/samples.ts';
import { unsteadyCells } from '../../../../src/core/analyze/warnings/steadiness.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import { cell } from '../../../support/records.ts';

/** A cell's values in the order of their blocks, out of order as a file may hold them. */
function measured(runtime: string, values: readonly number[]): Measurement[] {
  return values
    .map(
      (value, index): Measurement => ({
        runId: 'r',
        trialId: `${runtime}${index}`,
        block: index + 1,
        position: 0,
        phase: 'measure',
        cell: cell(runtime),
        category: 'syscall',
        metric: 'call.cost',
        unit: 'ns/op',
        better: 'lower',
        value,
        outcome: 'ok',
      }),
    )
    .toReversed();
}
const find = (...measurements: Measurement[][]) =>
  unsteadyCells(collectSamples(measurements.flat()).values(), () => 'call.cost', 0.05);

const random = seededRandom('steadiness');
const noise = (n: number) => Array.from({ length: n }, () => 100 * (1 + 0.05 * (random() - 0.5)));
const kinds = (found: ReturnType<typeof find>) => found.map(({ runtime, kind }) => `${runtime} ${kind}`);

describe('a series of values', () => {
  test('that is noise around one value is steady, also among many', () => {
    const cells = Array.from({ length: 40 }, (_, i) => measured(`r${i}`, noise(20)));
    expect(find(...cells).length).toBeLessThanOrEqual(2);
  });

  test('that grows over the run drifts, and each value resembles the one before', () => {
    const drifting = noise(20).map((value, index) => value * (1 + 0.02 * index));
    const found = find(measured('runc', noise(20)), measured('crun', drifting));
    expect(kinds(found)).toEqual(expect.arrayContaining(['crun drift', 'crun autocorrelation']));
    expect(kinds(found).some((text) => text.startsWith('runc'))).toBe(false);
    expect(found.find(({ kind }) => kind === 'drift')?.value).toBeGreaterThan(0.9);
  });

  test('of two groups is reported with their distance', () => {
    const [found] = find(
      measured(
        'runc',
        noise(20).map((value, index) => value * (index % 3 === 0 ? 2 : 1)),
      ),
    );
    expect(found).toMatchObject({ runtime: 'runc', kind: 'two-groups', n: 20 });
    expect(found?.value).toBeCloseTo(2, 1);
  });

  test('that is too short, or has no other metric than side ones, says nothing', () => {
    expect(find(measured('runc', [1, 2, 3, 4, 5]))).toEqual([]);
    const values = measured('runc', [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(unsteadyCells(collectSamples(values).values(), () => 'another', 0.05)).toEqual([]);
  });
});
