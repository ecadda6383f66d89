import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clearBeyond,
  clearFactor,
  isPrecise,
  type Pairs,
  relativeHalfWidth,
  settledBy,
  shiftOf,
  towardsZero,
} from '../../../../src/core/analyze/claims/settled.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

const rule = { confidence: 0.95, target: 0.03, practical: 0.05 };

/** Pairs whose ratios lie around `ratio`, by up to `spread`, the first ones as much as the later ones. */
const pairs = (n: number, ratio: number, spread: number): Pairs =>
  Array.from({ length: n }, (_, i) => [ratio * (1 + spread) ** ([0, 1, -1, 0.5, -0.5][i % 5] ?? 0), 1]);

test('nothing is settled before there is an interval', () => {
  expect(settledBy(pairs(5, 40, 0.001), rule)).toBeNull();
  expect(settledBy([], rule)).toBeNull();
});

describe('a clear comparison', () => {
  test.each([
    ['far above 1, in half-widths and by what matters', 37, 0.5, 'clear'],
    ['far below 1', 1 / 37, 0.5, 'clear'],
    ['two half-widths from 1', 1.25, 0.12, null],
    ['far in half-widths, and less than what matters', 1.04, 0.005, 'precise'],
  ])('%s', (_, ratio, spread, settled) => {
    expect(settledBy(pairs(8, ratio, spread), rule)).toBe(settled);
  });

  test('costs no blocks beyond those of its interval', () => {
    expect(settledBy(pairs(6, 37, 0.5), rule)).toBe('clear');
  });

  test('below 1.5× has seven pairs: the interval of six is their range, narrow by chance', () => {
    expect([6, 7].map((n) => settledBy(pairs(n, 0.8, 0.01), rule))).toEqual([null, 'clear']);
    expect([6, 7].map((n) => settledBy(pairs(n, 1.25, 0.01), rule))).toEqual([null, 'clear']);
    expect(settledBy(pairs(6, 1.6, 0.01), rule)).toBe('clear');
  });

  test('below 1.5× is known to the practical threshold, too', () => {
    // Both are more than three half-widths from 1.
    expect([0.04, 0.07].map((spread) => settledBy(pairs(8, 1.45, spread), rule))).toEqual(['clear', null]);
    expect(settledBy(pairs(8, 1.7, 0.07), rule)).toBe('clear');
  });

  test('is clear without any one of its pairs', () => {
    const sure = pairs(7, 2, 0.2);
    expect(settledBy(sure, rule)).toBe('clear');
    // The interval of seven leaves out no value, that of six without one reaches below 1.
    const resting: Pairs = [...pairs(5, 40, 0.1), [0.98, 1]];
    expect(settledBy(resting, rule)).toBeNull();
  });

  test('is none where the user asked for a precision', () => {
    const thresholds = { practical: 0.05, alpha: 0.05 };
    expect(clearBeyond({ precision: null, thresholds })).toBe(0.05);
    const practical = clearBeyond({ precision: 0.02, thresholds });
    expect(settledBy(pairs(30, 37, 0.5), { ...rule, practical })).toBeNull();
  });
});

describe('a precise comparison', () => {
  /** Widths as of pairs of this spread: `first` is the half-width after one pair, as a multiple of the target. */
  const shrinking = (first: number) => (n: number) => (n < 6 ? null : first / Math.sqrt(n));

  test('has as many blocks as its first half says that the target takes', () => {
    const widthOf = shrinking(Math.sqrt(25));
    expect([24, 25, 26].map((n) => isPrecise(n, widthOf))).toEqual([false, true, true]);
  });

  test('has at least twelve, unless it is narrower than half of the target two blocks before', () => {
    const widthOf = shrinking(Math.sqrt(6));
    expect([8, 11, 12].map((n) => isPrecise(n, widthOf))).toEqual([false, false, true]);
    const narrow = shrinking(Math.sqrt(6) / 2);
    expect([7, 8].map((n) => isPrecise(n, narrow))).toEqual([false, true]);
  });

  test('goes on where its second half leaves the interval too wide, until it is narrow', () => {
    const first = pairs(8, 1, 0.03);
    const wild: Pairs = first.map((_, i) => [i % 2 === 0 ? 4 : 0.25, 1]);
    const wanted = { ...rule, practical: null };
    expect(settledBy(first, wanted)).toBeNull();
    expect(settledBy([...first, ...first], wanted)).toBe('precise');
    expect(settledBy([...first, ...wild], wanted)).toBeNull();
    expect(settledBy([...first, ...wild, ...Array.from({ length: 8 }, () => first).flat()], wanted)).toBe(
      'precise',
    );
  });
});

test('exchanging the two, or the unit, changes nothing', () => {
  const value = fc.double({ min: 0.5, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 6, maxLength: 20 }), (some) => {
      const wanted = { ...rule, target: 0.3 };
      const settled = settledBy(some, wanted);
      const inverse = settledBy(
        some.map(([a, b]) => [b, a] as const),
        wanted,
      );
      expect(inverse === 'clear').toBe(settled === 'clear');
      const scaled = some.map(([a, b]) => [a * 1024, b * 1024] as const);
      expect(settledBy(scaled, wanted)).toBe(settled);
    }),
  );
});

describe('values that are not positive are compared by their difference', () => {
  test.each<[string, Pairs, string | null]>([
    ['always 0', Array.from({ length: 8 }, () => [0, 0]), 'precise'],
    ['0 under the baseline only', Array.from({ length: 8 }, (_, i) => [100 + i, 0]), 'clear'],
    [
      'one 0 among equals',
      [[0, 100], ...pairs(13, 1, 0.001).map(([a]) => [a * 100, 100] as const)],
      'precise',
    ],
    ['0 and 1 by chance', Array.from({ length: 9 }, (_, i) => [i % 2, (i + 1) % 2]), null],
  ])('%s', (_, some, settled) => {
    expect(settledBy(some, rule)).toBe(settled);
  });
});

/** Shares of runs of equal arms whose interval covers 1 where they end; of those that reach the target at once, also there. */
function coverage(spread: number) {
  const random = seededRandom(`stopping ${spread}`);
  const runs = 2000;
  const counts = { end: 0, earlyAtTarget: 0, earlyAtEnd: 0, early: 0, clear: 0 };
  const covers = (values: Pairs) => {
    const { low, high } = shiftOf(values, 0.95) ?? { low: 1, high: 1 };
    return low <= 0 && high >= 0;
  };
  for (let run = 0; run < runs; run++) {
    const values: (readonly [number, number])[] = [];
    let settled = null;
    while (values.length < 6 || (settled === null && values.length < 40)) {
      values.push([Math.exp(spread * gaussian(random)), 1]);
      settled = settledBy(values, rule);
    }
    if (settled === 'clear') counts.clear++;
    if (covers(values)) counts.end++;
    const atOnce = shiftOf(values.slice(0, 6), 0.95);
    if (atOnce === null || relativeHalfWidth(atOnce) > rule.target) continue;
    counts.early++;
    if (covers(values)) counts.earlyAtEnd++;
    if (covers(values.slice(0, 6))) counts.earlyAtTarget++;
  }
  const { early } = counts;
  return {
    end: counts.end / runs,
    clear: counts.clear,
    earlyAtTarget: counts.earlyAtTarget / early,
    earlyAtEnd: counts.earlyAtEnd / early,
  };
}

test('runs of equal arms cover what they say, also those whose first half is narrow by chance', () => {
  const usual = coverage(0.03);
  const lucky = coverage(0.05);
  expect(usual.end).toBeGreaterThan(0.94);
  expect(usual.earlyAtEnd).toBeGreaterThan(0.9);
  expect(lucky.end).toBeGreaterThan(0.935);
  // One run in thirteen reaches the target with its first six blocks, by chance.
  expect(lucky.earlyAtTarget).toBeLessThan(0.85);
  expect(lucky.earlyAtEnd).toBeGreaterThan(lucky.earlyAtTarget + 0.03);
  expect([usual.clear, lucky.clear]).toEqual([0, 0]);
});

describe('an interval of a comparison that ended as clear', () => {
  const centre = { estimate: -0.3, low: -0.35, high: -0.25 };

  test('is wider towards no difference only', () => {
    expect(towardsZero(centre, 1.5)).toEqual({
      estimate: -0.3,
      low: -0.35,
      high: expect.closeTo(-0.225, 12),
    });
    expect(towardsZero({ estimate: 0.3, low: 0.25, high: 0.35 }, 2)).toEqual({
      estimate: 0.3,
      low: expect.closeTo(0.2, 12),
      high: 0.35,
    });
    expect(towardsZero(centre, 1)).toBe(centre);
    const none = { estimate: 0.3, low: null, high: null };
    expect(towardsZero(none, 2)).toBe(none);
  });

  test('but stays on its side of 0: what ended as clear is not undone', () => {
    expect(towardsZero({ estimate: 0.7, low: 0.3, high: 0.702 }, 2).low).toBeCloseTo(0.075, 12);
    expect(towardsZero({ estimate: -0.7, low: -0.702, high: -0.3 }, 2).high).toBeCloseTo(-0.075, 12);
    // One that reached over 0 goes on.
    expect(towardsZero({ estimate: 0.1, low: -0.1, high: 0.2 }, 2).low).toBeCloseTo(-0.3, 12);
  });

  test('by as much as its number of pairs asks', () => {
    expect([6, 7, 10, 11, 40].map((pairs) => clearFactor(pairs, 6))).toEqual([1.4, 2, 2, 1.5, 1.5]);
    expect(clearFactor(20, 20)).toBe(1.4);
  });
});
