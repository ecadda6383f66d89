import { expect, test } from 'vitest';
import { hodgesLehmann } from '../../../../src/core/analyze/stats/hodges-lehmann.ts';

test('values at the ends of what a double holds have a centre, and it is found in finite time', () => {
  const largest = Number.MAX_VALUE;
  const low = hodgesLehmann([-largest, -largest, -largest * 0.9, -largest, -1e308, -largest, 0], 0.95);
  expect(Number.isFinite(low.estimate)).toBe(true);
  expect(hodgesLehmann([largest, largest, largest], 0.95).estimate).toBe(largest);
  expect(hodgesLehmann([-largest, largest], 0.95).estimate).toBe(0);
});
