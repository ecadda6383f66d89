import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  criticalWalshRank,
  exactLimit,
  signedRankTest,
} from '../../../../src/core/analyze/stats/signed-rank.ts';

/** Two-sided p by going through all 2^n assignments of signs to the midranks: slow, and obviously right. */
function pByEnumeration(differences: readonly number[]): number {
  const sizes = differences.filter((d) => d !== 0).map(Math.abs);
  const ranks = sizes.map(
    (size) => sizes.filter((s) => s < size).length + (sizes.filter((s) => s === size).length + 1) / 2,
  );
  const signs = differences.filter((d) => d !== 0).map((d) => d > 0);
  const observed = ranks.reduce((sum, rank, i) => sum + (signs[i] ? rank : 0), 0);
  let below = 0;
  let above = 0;
  for (let pattern = 0; pattern < 2 ** ranks.length; pattern++) {
    const w = ranks.reduce((sum, rank, i) => sum + ((pattern >> i) & 1 ? rank : 0), 0);
    if (w <= observed) below++;
    if (w >= observed) above++;
  }
  return Math.min(1, (2 * Math.min(below, above)) / 2 ** ranks.length);
}

describe('the exact p value', () => {
  test('of six positive differences is 2/64', () => {
    expect(signedRankTest([1, 2, 3, 4, 5, 6])).toEqual({
      statistic: 21,
      n: 6,
      zeros: 0,
      p: 0.03125,
      method: 'exact',
    });
    expect(signedRankTest([-1, -2, -3, -4, -5, -6])).toMatchObject({ statistic: 0, p: 0.03125 });
  });

  test('of the depression data of Hollander & Wolfe, table 3.1, is 0.0390625 with V = 40', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const result = signedRankTest(before.map((x, i) => x - (after[i] ?? Number.NaN)));
    expect(result.statistic).toBe(40);
    expect(result.p).toBeCloseTo(0.0390625, 14);
  });

  test.each([
    // R 4.5: 2 * psignrank(w, n), with the w differences smallest in size positive and the others negative.
    [10, 19, 2 * 0.2158203125],
    [20, 73, 2 * 0.12274360656738281],
    [60, 640, 2 * 0.021361700590216463],
    [150, 3963, 2 * 0.000660442332729287],
    [200, 7035, 2 * 0.000104310964833939],
  ])('agrees with R for n = %i, W = %i', (n, w, p) => {
    // Ranks that add up to w, from the largest down.
    const positive = new Set<number>();
    let left = w;
    for (let rank = n; rank > 0; rank--)
      if (rank <= left) {
        positive.add(rank);
        left -= rank;
      }
    const result = signedRankTest(
      Array.from({ length: n }, (_, i) => (positive.has(i + 1) ? i + 1 : -i - 1)),
    );
    expect(result).toMatchObject({ statistic: w, method: 'exact' });
    expect(result.p / p).toBeCloseTo(1, 11);
  });

  test('with ties and zeros equals the enumeration of all sign patterns', () => {
    const value = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 11 }), (differences) => {
        expect(signedRankTest(differences).p).toBeCloseTo(pByEnumeration(differences), 12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('treats equal ratios of different numbers as tied', () => {
    const logRatio = (a: number, b: number) => Math.log(a) - Math.log(b);
    const differences = [logRatio(6, 3), logRatio(2, 1), -logRatio(10, 5), logRatio(14, 7), logRatio(3, 1)];
    expect(signedRankTest(differences).statistic).toBe(2.5 * 3 + 5);
  });

  test('is 1 without any difference, and zeros do not count', () => {
    expect(signedRankTest([0, 0, 0])).toEqual({ statistic: 0, n: 0, zeros: 3, p: 1, method: 'exact' });
    expect(signedRankTest([0, 1, 2, 0, 3]).p).toBe(signedRankTest([1, 2, 3]).p);
  });
});

describe('the normal approximation', () => {
  test('takes over above the exact limit and equals R, wilcox.test(exact = FALSE, correct = TRUE)', () => {
    const differences = (n: number) => Array.from({ length: n }, (_, i) => (i % 9 < 5 ? 1 : -1) * (i + 1));
    expect(signedRankTest(differences(exactLimit)).method).toBe('exact');
    const { p, method } = signedRankTest(differences(exactLimit + 1));
    expect(method).toBe('normal');
    // R's exact p here is 0.15538: the error that is accepted.
    expect(p).toBeCloseTo(0.155075790924269, 7);
  });

  test('corrects for ties', () => {
    const differences = Array.from({ length: 250 }, (_, i) => (i < 140 ? 1 : -1));
    expect(signedRankTest(differences).p).toBeCloseTo(0.0578460684053696, 7);
  });
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('%s is refused', (bad) => {
  expect(() => signedRankTest([1, bad])).toThrow(RangeError);
});

describe('the rank of the Walsh average that bounds the interval', () => {
  test.each([
    // Wilcoxon's table, two-sided 5 %: the critical value is one less. R: qsignrank(0.025, n).
    [6, 1],
    [7, 3],
    [8, 4],
    [9, 6],
    [10, 9],
    [11, 11],
    [12, 14],
    [13, 18],
    [14, 22],
    [15, 26],
    [16, 30],
    [17, 35],
    [18, 41],
    [19, 47],
    [20, 53],
    [25, 90],
    [30, 138],
    [50, 435],
    [100, 1956],
    [200, 8445],
  ])('at 95 % and n = %i is %i', (n, rank) => {
    expect(criticalWalshRank(n, 0.95)).toBe(rank);
  });

  test('at 99 % follows the table too', () => {
    expect([7, 8, 10, 15, 20].map((n) => criticalWalshRank(n, 0.99))).toEqual([null, 1, 4, 16, 38]);
  });

  test.each([0, 1, 5])('does not exist for n = %i', (n) => {
    expect(criticalWalshRank(n, 0.95)).toBeNull();
  });

  test('changes little where the normal approximation begins', () => {
    const [before = 0, after = 0] = [exactLimit, exactLimit + 1].map((n) => criticalWalshRank(n, 0.95) ?? 0);
    expect(after - before).toBeGreaterThan(60);
    expect(after - before).toBeLessThan(120);
  });
});
