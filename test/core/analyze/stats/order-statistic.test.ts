import { describe, expect, test } from 'vitest';
import { describeSample, medianRank } from '../../../../src/core/analyze/stats/order-statistic.ts';

/** P(B ≤ k) for B ~ Bin(n, ½), in integers. */
function binomialCdf(n: number, k: number): number {
  let term = 1n;
  let sum = 0n;
  for (let i = 0; i <= k; i++) {
    sum += term;
    term = (term * BigInt(n - i)) / BigInt(i + 1);
  }
  return Number((sum * 10n ** 18n) / 2n ** BigInt(n)) / 1e18;
}

describe('the rank that bounds the median', () => {
  test('is the last whose binomial tail fits, for every n to 120', () => {
    for (let n = 6; n <= 120; n++) {
      const k = medianRank(n, 0.95) ?? Number.NaN;
      expect(2 * binomialCdf(n, k - 1)).toBeLessThanOrEqual(0.05);
      expect(2 * binomialCdf(n, k)).toBeGreaterThan(0.05);
    }
  });

  test.each([
    [6, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [20, 6],
    [30, 10],
    [100, 40],
  ])('at 95 %% and n = %i is the tabulated %i', (n, k) => {
    expect(medianRank(n, 0.95)).toBe(k);
  });

  test('does not exist below six values at 95 %', () => {
    expect([1, 2, 3, 4, 5].map((n) => medianRank(n, 0.95))).toEqual([null, null, null, null, null]);
  });

  test('does not underflow for a large sample', () => {
    // Normal approximation: 5000 − 1.96 · 50 + ½ = 4902.5.
    expect(Math.abs((medianRank(10_000, 0.95) ?? 0) - 4902)).toBeLessThanOrEqual(1);
  });
});

describe('a description', () => {
  test('of ten values', () => {
    const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect(describeSample(values, 0.95)).toEqual({
      n: 10,
      median: 5.5,
      ciLow: 2,
      ciHigh: 9,
      p95: null,
      min: 1,
      max: 10,
      mad: 2.5,
    });
  });

  test('has a 95th percentile from twenty values on', () => {
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    expect(describeSample(upTo(19), 0.95).p95).toBeNull();
    // Type 7: position 19 · 0.95 = 18.05.
    expect(describeSample(upTo(20), 0.95).p95).toBeCloseTo(19.05, 12);
    expect(describeSample(upTo(21), 0.95).p95).toBeCloseTo(20, 12);
  });

  test('of one value has no interval', () => {
    expect(describeSample([3], 0.95)).toEqual({
      n: 1,
      median: 3,
      ciLow: null,
      ciHigh: null,
      p95: null,
      min: 3,
      max: 3,
      mad: 0,
    });
  });

  test.each([[[]], [[1, Number.NaN]], [[Number.NEGATIVE_INFINITY]]])('of %j is refused', (values) => {
    expect(() => describeSample(values, 0.95)).toThrow(RangeError);
  });
});
