import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairedRatio } from '../../../../src/core/analyze/rows/ratio.ts';

const byBlock = (values: readonly number[]) => new Map(values.map((value, block) => [block, value]));

describe('the paired ratio', () => {
  test('pairs by block, whatever else there is', () => {
    const runtime = new Map([
      [1, 10],
      [2, 20],
      [3, 30],
      [9, 1],
    ]);
    const baseline = new Map([
      [3, 10],
      [2, 10],
      [1, 10],
      [8, 1],
    ]);
    const result = pairedRatio(runtime, baseline, 0.95);
    expect(result.pairs).toBe(3);
    // Walsh averages of log 1, log 2, log 3: 0, ½log2, ½log3, log2, ½log6, log3; their median is between ½log3 and log2.
    expect(result.ratio).toBeCloseTo(Math.exp((Math.log(3) / 2 + Math.log(2)) / 2), 12);
  });

  test('is not disturbed by a drift that both share', () => {
    const drift = Array.from({ length: 10 }, (_, block) => 1.5 ** block);
    const result = pairedRatio(byBlock(drift.map((x) => 3 * x)), byBlock(drift), 0.95);
    expect(result.ratio).toBeCloseTo(3, 12);
    expect(result.low).toBeCloseTo(3, 12);
    expect(result.high).toBeCloseTo(3, 12);
    // All ratios are equal: only their signs can be judged by.
    expect(result.p).toBeCloseTo(2 ** -9, 12);
  });

  test('has neither interval nor p below six pairs', () => {
    const five = byBlock([2, 2.1, 2.2, 2.3, 2.4]);
    const result = pairedRatio(five, byBlock([1, 1, 1, 1, 1]), 0.95);
    expect(result).toMatchObject({ pairs: 5, low: null, high: null, p: null, notPositive: null });
    expect(result.ratio).toBeCloseTo(2.2, 1);
    // Not even where the confidence is so low that an interval would exist.
    expect(pairedRatio(five, byBlock([1, 1, 1, 1, 1]), 0.5)).toMatchObject({
      low: null,
      high: null,
      p: null,
    });
  });

  test.each([
    [0, 'zero'],
    [-1, 'negative'],
  ] as const)('does not exist where a value is %d', (bad, notPositive) => {
    const none = {
      pairs: 6,
      ratio: null,
      low: null,
      high: null,
      p: null,
      logs: null,
      logRatios: [],
      notPositive,
    };
    const good = byBlock([1, 2, 3, 4, 5, 6]);
    expect(pairedRatio(byBlock([1, 2, 3, 4, 5, bad]), good, 0.95)).toEqual(none);
    expect(pairedRatio(good, byBlock([bad, 2, 3, 4, 5, 6]), 0.95)).toEqual(none);
  });

  test('does not exist without a common block', () => {
    expect(pairedRatio(new Map([[1, 1]]), new Map([[2, 1]]), 0.95)).toMatchObject({
      pairs: 0,
      ratio: null,
      notPositive: null,
    });
  });
});

test('exchanging runtime and baseline inverts the ratio and its interval, and keeps p', () => {
  const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 6, maxLength: 30 }), (pairs) => {
      const a = byBlock(pairs.map(([x]) => x));
      const b = byBlock(pairs.map(([, y]) => y));
      const there = pairedRatio(a, b, 0.95);
      const back = pairedRatio(b, a, 0.95);
      expect((there.ratio ?? Number.NaN) * (back.ratio ?? Number.NaN)).toBeCloseTo(1, 10);
      expect((there.low ?? Number.NaN) * (back.high ?? Number.NaN)).toBeCloseTo(1, 10);
      expect((there.high ?? Number.NaN) * (back.low ?? Number.NaN)).toBeCloseTo(1, 10);
      expect(there.p).toBe(back.p);
      expect(there.low).toBeLessThanOrEqual(there.ratio ?? Number.NaN);
      expect(there.high).toBeGreaterThanOrEqual(there.ratio ?? Number.NaN);
    }),
    { seed: 1, numRuns: 500 },
  );
});
