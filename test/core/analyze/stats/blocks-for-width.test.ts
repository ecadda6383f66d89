import { expect, test } from 'vitest';
import { studentQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import { blocksForWidth } from '../../../../src/core/analyze/stats/order-statistic.ts';

const width = (n: number, deviation: number) => (-studentQuantile(0.025, n - 1) * deviation) / Math.sqrt(n);

test.each([0.02, 0.05, 0.155, 0.4, 3])(
  'at a standard deviation of %d one pair less would not do',
  (deviation) => {
    const n = blocksForWidth(deviation, 0.05, 0.05, 2);
    expect(width(n, deviation)).toBeLessThanOrEqual(0.05);
    if (n > 2) expect(width(n - 1, deviation)).toBeGreaterThan(0.05);
  },
);

test('R: min n with qt(.975, n-1)*sd/sqrt(n) <= half; many approach (1.96·sd/half)²', () => {
  expect(blocksForWidth(0.155, 0.0488, 0.05, 2)).toBe(42);
  const many = blocksForWidth(1, 0.01, 0.05, 2);
  expect(many / (1.959964 / 0.01) ** 2).toBeCloseTo(1, 3);
});

test('it is never less than asked, and nothing without spread needs more', () => {
  expect(blocksForWidth(0, 0.05, 0.05, 9)).toBe(9);
  expect(blocksForWidth(0.001, 0.05, 0.05, 7)).toBe(7);
});

test('it refuses what no number reaches', () => {
  expect(() => blocksForWidth(1, 0, 0.05, 2)).toThrow('positive');
  expect(() => blocksForWidth(Number.NaN, 1, 0.05, 2)).toThrow('NaN');
});
