import { expect, test } from 'vitest';
import { chiSquareQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import { findableScatter } from '../../../../src/core/analyze/stats/findable-scatter.ts';

const limitOf = (comparisons: number) => Math.sqrt(chiSquareQuantile(0.01, comparisons) / comparisons);

// An independent simulation of 6000 checks a number.
test.each([
  [1, 5, 14.9],
  [4, 5, 3.86],
  [16, 5, 2.01],
  [30, 5, 1.68],
  [4, 19, 3.04],
  [16, 19, 1.78],
])('%d comparisons with %d degrees of freedom find %d times the scatter', (comparisons, df, factor) => {
  expect(findableScatter(comparisons, df, limitOf(comparisons), 0.8) / factor).toBeGreaterThan(0.88);
  expect(findableScatter(comparisons, df, limitOf(comparisons), 0.8) / factor).toBeLessThan(1.12);
});

test('many blocks come near chi-square, and the same is asked once', () => {
  const [n, limit] = [8, limitOf(8)];
  const chi = limit / Math.sqrt(chiSquareQuantile(0.8, n) / n);
  const found = findableScatter(n, 200, limit, 0.8);
  expect(found / chi).toBeGreaterThan(0.93);
  expect(found / chi).toBeLessThan(1.08);
  expect(findableScatter(n, 200, limit, 0.8)).toBe(found);
});

test('no more than 32 is told', () => {
  expect(findableScatter(1, 1, limitOf(1), 0.99)).toBe(32);
});
