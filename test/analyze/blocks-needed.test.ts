import { expect, test } from 'vitest';
import {
  blocksForInterval,
  blocksNeeded,
  blocksNeededWhereOverlapping,
} from '../../src/analyze/blocks-needed.ts';
import { holm } from '../../src/analyze/stats/holm.ts';
import { pairedP } from '../../src/analyze/stats/paired-p.ts';

// Computed with integers: the smallest n ≥ 6 with 4·comparisons < alpha·C(2n,n), and with 2^(2−n)·comparisons < alpha.
test.each([
  [1, 0.05, 6, 7],
  [2, 0.05, 6, 8],
  [11, 0.05, 6, 10],
  [12, 0.05, 7, 10],
  [15, 0.05, 7, 11],
  [42, 0.05, 7, 12],
  [43, 0.05, 8, 12],
  [120, 0.05, 8, 14],
  [160, 0.05, 8, 14],
  [161, 0.05, 9, 14],
  [607, 0.05, 9, 16],
  [608, 0.05, 10, 16],
  [1, 0.01, 6, 9],
  [1, 0.001, 8, 12],
  [1, 0.5, 6, 6],
])(
  '%i comparisons at %d need %i blocks, %i where values overlap',
  (comparisons, alpha, apart, overlapping) => {
    expect(blocksNeeded(comparisons, alpha)).toBe(apart);
    expect(blocksNeededWhereOverlapping(comparisons, alpha)).toBe(overlapping);
  },
);

/** Pairs whose ratios all favour one side; `apart`: so far that no value of one side is within the other's. */
function clearest(n: number, apart: boolean): [number, number][] {
  return Array.from({ length: n }, (_, i) => [2 ** i * (apart ? 2 ** n : 1.1 + i / 100), 2 ** i]);
}

test.each([
  ['apart', true, blocksNeeded],
  ['overlapping', false, blocksNeededWhereOverlapping],
] as const)('is the first n at which the clearest possible result survives Holm: %s', (_, apart, needed) => {
  for (let comparisons = 1; comparisons <= 130; comparisons += 3) {
    const smallestAdjusted = (n: number) => {
      const p = pairedP(clearest(n, apart));
      return Math.min(...holm([p, ...new Array<number>(comparisons - 1).fill(1)]));
    };
    const n = needed(comparisons, 0.05);
    expect(smallestAdjusted(n)).toBeLessThan(0.05);
    if (n > 6) expect(smallestAdjusted(n - 1)).toBeGreaterThanOrEqual(0.05);
  }
});

test('an interval needs six blocks at 95 %, eight at 99 %', () => {
  // The widest interval of n pairs misses with probability 2^(1−n).
  expect(blocksForInterval(0.05)).toBe(6);
  expect(blocksForInterval(0.01)).toBe(8);
  expect(blocksForInterval(0.5)).toBe(6);
});

test.each([
  [0, 0.05],
  [1.5, 0.05],
  [1, 0],
  [1, 1],
  [1, Number.NaN],
])('refuses %d comparisons at %d', (comparisons, alpha) => {
  expect(() => blocksNeeded(comparisons, alpha)).toThrow(RangeError);
  expect(() => blocksNeededWhereOverlapping(comparisons, alpha)).toThrow(RangeError);
});
