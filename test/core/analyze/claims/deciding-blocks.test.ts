import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import { otherVerdict } from '../../../../src/core/analyze/claims/deciding-blocks.ts';
import type { SummaryRow, Verdict } from '../../../../src/core/model/analysis/analysis.ts';
import { lineWorkload, measurement, runRecord } from '../../../support/records.ts';

/** The headline of crun whose cost is this factor of the baseline's in each block. */
function rowOf(factors: readonly number[]): SummaryRow {
  const measurements = factors.flatMap((factor, i) =>
    [1, factor].map((scale, runtime) =>
      measurement(runtime === 0 ? 'runc' : 'crun', i + 1, 1000 * scale, { trialId: `${runtime}-${i}` }),
    ),
  );
  const workloads = [lineWorkload('syscall/calls')];
  const row = analyze({ run: runRecord(), measurements, workloads }).rows.find(
    ({ runtime, headline, n }) => runtime === 'crun' && headline && n > 0,
  );
  if (row === undefined) throw new Error('no row');
  return row;
}

/** Ratios around 0.8, a little apart. */
const around = (n: number, ratio = 0.8) => Array.from({ length: n }, (_, i) => ratio * 1.01 ** ((i % 5) - 2));

describe('blocks that decide a verdict', () => {
  test('one of ten that took five times as long takes the verdict, and is told', () => {
    expect(rowOf(around(10))).toMatchObject({ verdict: 'faster', pairs: 10 });
    expect(rowOf(around(10))).not.toHaveProperty('decidedBy');
    const [first = 1, ...others] = around(10);
    const row = rowOf([5 * first, ...others]);
    expect(row.verdict).toBe('inconclusive');
    expect(row.decidedBy).toEqual({ blocks: 1, without: 'faster' });
  });

  test('two far ones of 25 are told together', () => {
    const noisy = Array.from({ length: 25 }, (_, i) => 1.08 ** ((i % 5) - 2));
    expect(rowOf(noisy)).toMatchObject({ verdict: 'equivalent', pairs: 25 });
    expect(rowOf(noisy)).not.toHaveProperty('decidedBy');
    const row = rowOf(noisy.map((factor, i) => (i < 2 ? 3 * factor : factor)));
    expect(row.verdict).toBe('inconclusive');
    expect(row.decidedBy).toEqual({ blocks: 2, without: 'equivalent' });
  });
});

describe('the verdict without blocks', () => {
  const values = [-3, 1, 1.1, 0.9, 1, 1.05, 0.95, 1];
  const byMean = (own: readonly number[]): Verdict =>
    own.reduce((sum, value) => sum + value, 0) / own.length > 0.9 ? 'slower' : 'inconclusive';

  test('is that without one where it is another, and null where every block can be spared', () => {
    expect(otherVerdict(values, 'inconclusive', byMean)).toEqual({ blocks: 1, without: 'slower' });
    expect(otherVerdict(values.slice(1), 'slower', byMean)).toBeNull();
  });

  test('names a claim first, and nothing for fewer than six or more than a hundred', () => {
    const every = (own: readonly number[]): Verdict => (own.includes(-3) ? 'inconclusive' : 'faster');
    expect(otherVerdict(values, 'slower', every)).toEqual({ blocks: 1, without: 'faster' });
    expect(otherVerdict(values.slice(0, 5), 'slower', every)).toBeNull();
    expect(
      otherVerdict(
        Array.from({ length: 101 }, () => 1),
        'slower',
        () => 'faster',
      ),
    ).toBeNull();
  });

  test('leaves no second group out: more than a quarter far off are not a few', () => {
    const near = Array.from({ length: 12 }, (_, i) => 1 + 0.01 * (i % 3));
    const withoutFar = (own: readonly number[]): Verdict => (own.includes(9) ? 'inconclusive' : 'slower');
    expect(otherVerdict([...near, 9, 9, 9], 'inconclusive', withoutFar)).toEqual({
      blocks: 3,
      without: 'slower',
    });
    expect(otherVerdict([...near, 9, 9, 9, 9, 9], 'inconclusive', withoutFar)).toBeNull();
  });
});
