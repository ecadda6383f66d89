import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactLimit, exactLimitTied, rankSumTest } from '../../../../src/core/analyze/stats/rank-sum.ts';

/** Two-sided p by going through every choice of which values are the first sample's. */
function pByEnumeration(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const rank = (x: number) => all.filter((y) => y < x).length + (all.filter((y) => y === x).length + 1) / 2;
  const ranks = all.map(rank);
  const observed = ranks.slice(0, first.length).reduce((sum, each) => sum + each, 0);
  let [below, above, count] = [0, 0, 0];
  for (let choice = 0; choice < 2 ** all.length; choice++) {
    const chosen = ranks.filter((_, i) => (choice >> i) & 1);
    if (chosen.length !== first.length) continue;
    const sum = chosen.reduce((total, each) => total + each, 0);
    count++;
    if (sum <= observed) below++;
    if (sum >= observed) above++;
  }
  return Math.min(1, (2 * Math.min(below, above)) / count);
}

const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

describe('the exact p value', () => {
  test.each([
    // 2/C(2n,n).
    [4, 2 / 70],
    [8, 2 / 12_870],
    [20, 2 / 137_846_528_820],
  ])('of %i values against as many that do not overlap is %d', (n, p) => {
    expect(rankSumTest(range(n), range(n, 100)).p / p).toBeCloseTo(1, 12);
    expect(rankSumTest(range(n, 100), range(n))).toMatchObject({ u: n * n, method: 'exact' });
  });

  test('with and without ties equals the enumeration of all choices', () => {
    const coarse = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
    const fine = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.oneof(coarse, fine), fc.oneof(coarse, fine), (first, second) => {
        expect(rankSumTest(first, second).p).toBeCloseTo(pByEnumeration(first, second), 12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('is that of the samples exchanged, and does not depend on order or scale', () => {
    const sample = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const there = rankSumTest(first, second);
        const back = rankSumTest(second, first);
        expect(back.p).toBeCloseTo(there.p, 12);
        if (first.length === second.length) expect(back.p).toBe(there.p);
        expect(there.u + back.u).toBe(first.length * second.length);
        const log = (values: readonly number[]) => values.map((x) => Math.log(x)).reverse();
        expect(rankSumTest(log(first), log(second))).toEqual(there);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test('is 1 where all values are equal, exact or not', () => {
    expect(rankSumTest([1, 1], [1, 1, 1]).p).toBeCloseTo(1, 12);
    expect(rankSumTest(new Array(80).fill(1), new Array(80).fill(1))).toEqual({
      u: 3200,
      p: 1,
      method: 'normal',
    });
  });
});

test.each([
  ['without ties', exactLimit, (i: number) => i],
  ['with ties', exactLimitTied, (i: number) => Math.floor(i / 3)],
])('%s the normal approximation that takes over changes p little', (_, limit, value) => {
  const p = (total: number) => {
    const values = range(total).map((i) => value((i * 7919) % total) + (i % 2 === 0 ? total / 12 : 0));
    return rankSumTest(
      values.filter((_x, i) => i % 2 === 0),
      values.filter((_x, i) => i % 2 === 1),
    );
  };
  const [exact, normal] = [p(limit), p(limit + 2)];
  expect([exact.method, normal.method]).toEqual(['exact', 'normal']);
  expect(Math.abs(exact.p - normal.p)).toBeLessThan(0.02);
});

test.each([
  [[], [1]],
  [[1], []],
  [[Number.NaN], [1]],
  [[1], [Number.POSITIVE_INFINITY]],
])('%j and %j are refused', (first, second) => {
  expect(() => rankSumTest(first, second)).toThrow(RangeError);
});
