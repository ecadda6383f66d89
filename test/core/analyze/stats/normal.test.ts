import { expect, test } from 'vitest';
import { normalCdf, normalQuantile } from '../../../../src/core/analyze/stats/distributions.ts';

test.each([
  // SciPy 1.17: scipy.stats.norm.cdf.
  [0, 0.5],
  [-1, 0.158655253931457],
  [-1.959963984540054, 0.025],
  [-3, 0.00134989803163009],
  [-6, 9.86587645037698e-10],
  [-8, 6.22096057427178e-16],
  [-20, 2.75362411860623e-89],
])('Φ(%d) = %d', (x, p) => {
  expect(normalCdf(x) / p).toBeCloseTo(1, 7);
  expect(normalCdf(-x)).toBeCloseTo(1 - p, 13);
});

test('quantiles invert it', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
  expect(normalQuantile(0.5)).toBeCloseTo(0, 10);
  for (const p of [1e-6, 0.01, 0.3, 0.9]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
  expect(() => normalQuantile(0)).toThrow(RangeError);
});
