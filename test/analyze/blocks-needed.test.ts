import { expect, test } from 'vitest';
import { blocksNeeded } from '../../src/analyze/blocks-needed.ts';
import { holm } from '../../src/analyze/stats/holm.ts';
import { signedRankTest } from '../../src/analyze/stats/signed-rank.ts';

test.each([
  [1, 0.05, 6],
  [2, 0.05, 7],
  [3, 0.05, 7],
  [4, 0.05, 8],
  [7, 0.05, 9],
  [1, 0.01, 8],
  [1, 0.5, 6],
])('%i comparisons at %d need %i blocks', (comparisons, alpha, blocks) => {
  expect(blocksNeeded(comparisons, alpha)).toBe(blocks);
});

test('is the first n at which the clearest possible result survives Holm', () => {
  for (let comparisons = 1; comparisons <= 12; comparisons++) {
    const smallestAdjusted = (n: number) => {
      const p = signedRankTest(Array.from({ length: n }, (_, i) => i + 1)).p;
      return Math.min(...holm([p, ...new Array<number>(comparisons - 1).fill(1)]));
    };
    const n = blocksNeeded(comparisons, 0.05);
    expect(smallestAdjusted(n)).toBeLessThan(0.05);
    if (n > 6) expect(smallestAdjusted(n - 1)).toBeGreaterThanOrEqual(0.05);
  }
});

test.each([
  [0, 0.05],
  [1.5, 0.05],
  [1, 0],
  [1, 1],
  [1, Number.NaN],
])('refuses %d comparisons at %d', (comparisons, alpha) => {
  expect(() => blocksNeeded(comparisons, alpha)).toThrow(RangeError);
});
