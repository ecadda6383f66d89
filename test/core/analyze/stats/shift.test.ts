import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shift } from '../../../../src/core/analyze/stats/hodges-lehmann.ts';
import { rankSumCritical, rankSumTest } from '../../../../src/core/analyze/stats/rank-sum.ts';

describe('the shift between two samples', () => {
  // R 4.5: wilcox.test(b, a, conf.int = TRUE, exact = TRUE)
  const a = [1.1, 2.2, 0.3, 4.4, 3.5, 2.9];
  const b = [5.1, 3.3, 6.2, 4.05, 7.7];

  test('is the median of all differences, with the exact interval of the rank-sum test', () => {
    const { estimate, low, high } = shift(a, b, 0.95);
    expect(estimate).toBeCloseTo(2.925, 12);
    expect(low).toBeCloseTo(0.4, 12);
    expect(high).toBeCloseTo(5.5, 12);
    expect(rankSumTest(b, a).p).toBeCloseTo(0.0303030303030303, 12);
  });

  test('its interval holds exactly the shifts that the test does not reject', () => {
    const sample = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(sample, sample, (first, ys) => {
        // Halves and thirds, so that no two differences are equal and none is zero.
        const xs = first.map((x, i) => x + i / 1000);
        const second = ys.map((y, i) => y + 0.37 + i / 70);
        const { low, high } = shift(xs, second, 0.95);
        if (low === null || high === null) return;
        const p = (by: number) =>
          rankSumTest(
            second.map((y) => y - by),
            xs,
          ).p;
        const width = Math.max(1e-6, high - low);
        expect(p(low + width * 1e-9)).toBeGreaterThan(0.05);
        expect(p(high - width * 1e-9)).toBeGreaterThan(0.05);
        expect(p(low - width * 1e-9)).toBeLessThanOrEqual(0.05);
        expect(p(high + width * 1e-9)).toBeLessThanOrEqual(0.05);
      }),
      { numRuns: 200 },
    );
  });

  test('exchanging the samples turns it round', () => {
    const [one, other] = [shift(a, b, 0.95), shift(b, a, 0.95)];
    expect(other.estimate).toBeCloseTo(-one.estimate, 12);
    expect(other.low).toBeCloseTo(-(one.high ?? Number.NaN), 12);
  });

  test('has no bounds where the samples are too small for them', () => {
    expect(shift([1, 2, 3], [4, 5, 6], 0.95)).toEqual({ estimate: 3, low: null, high: null });
    expect(rankSumCritical(4, 4, 0.95)).toBe(1);
    expect(rankSumCritical(3, 3, 0.95)).toBeNull();
  });

  test('large samples: the approximation joins the exact table', () => {
    const exact = rankSumCritical(60, 60, 0.95) ?? 0;
    const approximate = rankSumCritical(61, 60, 0.95) ?? 0;
    expect(approximate).toBeGreaterThan(exact);
    expect(approximate - exact).toBeLessThan(40);
  });
});

test.each([
  [[], [1]],
  [[1], []],
  [[Number.NaN], [1]],
])('nothing comes of %j and %j', (first, second) => {
  expect(() => shift(first, second, 0.95)).toThrow(RangeError);
});
