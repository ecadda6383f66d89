import { describe, expect, test } from 'vitest';
import { type PairedT, pairedT, withWiderError } from '../../../../src/core/analyze/stats/paired-centre.ts';

describe('the paired t test', () => {
  test('of equal differences has no spread to judge by: p is that of equal signs', () => {
    expect(pairedT(new Array(8).fill(0.3))).toEqual({ n: 8, mean: 0.3, se: 0, p: 2 ** -7 });
    expect(pairedT(new Array(8).fill(-0.3))).toMatchObject({ mean: -0.3, p: 2 ** -7 });
    // 6/3 and 2/1 are the same ratio, but for the last bits of its logarithm.
    const ratios = [6 / 3, 2 / 1, 14 / 7, 22 / 11, 38 / 19, 58 / 29];
    const logs = ratios.map(
      (_, i) => Math.log([6, 2, 14, 22, 38, 58][i] ?? 0) - Math.log([3, 1, 7, 11, 19, 29][i] ?? 0),
    );
    expect(pairedT(logs)).toMatchObject({ se: 0, p: 2 ** -5 });
  });

  test('of no difference at all is certain of none', () => {
    expect(pairedT(new Array(8).fill(0))).toEqual({ n: 8, mean: 0, se: 0, p: 1 });
  });

  test('does not exist below two differences', () => {
    expect(pairedT([])).toBeNull();
    expect(pairedT([1])).toBeNull();
  });

  test('is the same for the opposite sign', () => {
    const values = [0.1, 0.3, -0.1, 0.25, 0.4, 0.02];
    expect(pairedT(values.map((d) => -d))?.p).toBe(pairedT(values)?.p);
  });

  test('with a widened standard error has the t statistic divided', () => {
    const values = [0.1, 0.3, -0.1, 0.25, 0.4, 0.02];
    const plain = pairedT(values);
    const widened = withWiderError(plain as PairedT, 2);
    expect(widened.se).toBeCloseTo(2 * (plain?.se ?? 0), 15);
    expect(widened.mean).toBe(plain?.mean);
    expect(widened.p).toBeGreaterThan(plain?.p ?? 1);
  });

  test('of values near the largest double does not overflow', () => {
    const found = pairedT([1e308, 1.1e308, 0.9e308, 1.05e308]);
    const small = pairedT([1, 1.1, 0.9, 1.05]);
    expect(found?.p).toBeCloseTo(small?.p ?? 0, 12);
  });

  test('refuses what is not finite', () => {
    expect(() => pairedT([1, Number.NaN])).toThrow(RangeError);
  });
});
