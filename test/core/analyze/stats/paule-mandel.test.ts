import { expect, test } from 'vitest';
import { pauleMandel } from '../../../../src/core/analyze/stats/paule-mandel.ts';

test('means that differ by no more than their errors have no spread between them', () => {
  expect(pauleMandel([0, 0.1, -0.1], [1, 1, 1])).toBe(0);
  expect(pauleMandel([3], [0.01])).toBe(0);
});

test('one mean has no spread, however its weight and its product with it round', () => {
  expect(pauleMandel([0.9185891284802554], [0.0047570636630649])).toBe(0);
  expect(pauleMandel([0.9844337], [0.0000096])).toBe(0);
});

test('with equal errors it is the variance of the means less that of their errors', () => {
  const means = [0, 1, 2, 5];
  expect(pauleMandel(means, [0.5, 0.5, 0.5, 0.5])).toBeCloseTo(14 / 3 - 0.5, 12);
});

test.each([1e-12, 1, 1e12])('it is the root of its equation, at scale %d', (scale) => {
  const means = [0.1, 0.9, -0.4, 0.3, 2].map((mean) => mean * scale);
  const variances = [0.01, 0.2, 0.03, 4, 0.0005].map((variance) => variance * scale * scale);
  const between = pauleMandel(means, variances);
  const weights = variances.map((variance) => 1 / (variance + between));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = means.reduce((sum, mean, i) => sum + (weights[i] ?? 0) * mean, 0) / total;
  expect(means.reduce((sum, mean, i) => sum + (weights[i] ?? 0) * (mean - centre) ** 2, 0)).toBeCloseTo(4, 9);
});

test('it refuses what has no weight', () => {
  expect(() => pauleMandel([1, 2], [0, 1])).toThrow('not positive');
  expect(() => pauleMandel([1, Number.NaN], [1, 1])).toThrow('NaN');
});
