import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  autoRange,
  linearTicks,
  logRange,
  logTicks,
  zeroRange,
} from '../../../../src/report/charts/grammar/scale.ts';

test('log ticks are round numbers, neither too many nor too few', () => {
  expect(logTicks(0.5, 30)).toEqual([0.5, 1, 2, 5, 10, 20]);
  expect(logTicks(0.97, 1.03)).toEqual(linearTicks(0.97, 1.03, 9));
  expect(logTicks(1e-9, 1e9).length).toBeLessThanOrEqual(9);
});

test('ticks lie inside the axis, ascending, at least one', () => {
  const positive = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(positive, { minLength: 1, maxLength: 20 }), (values) => {
      for (const range of [logRange(values), autoRange(values), zeroRange(Math.max(...values))]) {
        const [low, high] = range.domain;
        expect(range.ticks.length).toBeGreaterThan(0);
        expect(range.ticks.length).toBeLessThanOrEqual(12);
        expect([...range.ticks].sort((a, b) => a - b)).toEqual(range.ticks);
        for (const tick of range.ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - Math.abs(low) * 1e-6);
          expect(tick).toBeLessThanOrEqual(high + Math.abs(high) * 1e-6);
        }
      }
      for (const value of values) {
        for (const { domain } of [logRange(values), autoRange(values)]) {
          expect(value).toBeGreaterThan(domain[0]);
          expect(value).toBeLessThan(domain[1]);
        }
      }
    }),
  );
});

test('an axis is log only where values span more than a factor of three and none is zero', () => {
  expect(autoRange([100, 290]).log).toBe(false);
  expect(autoRange([100, 310]).log).toBe(true);
  expect(autoRange([0, 310]).log).toBe(false);
});

test.each([
  [1e300, 1e300 * (1 + 2e-16)],
  [-Number.MAX_VALUE, Number.MAX_VALUE],
  [0, Number.POSITIVE_INFINITY],
  [0, 5e-324],
  [1e-300, 3e-300],
  [123456789, 123456789.00000001],
])('from %d to %d, where no tick fits between doubles, there is an end and a tick', (low, high) => {
  expect(linearTicks(low, high)).toEqual([low]);
});

test('a log axis over all that a double holds has an end and ticks', () => {
  const { domain, ticks } = logRange([Number.MIN_VALUE, 1, Number.MAX_VALUE]);
  expect(domain.every((end) => end > 0 && Number.isFinite(end))).toBe(true);
  expect(ticks.length).toBeGreaterThan(1);
  expect(ticks.length).toBeLessThan(20);
});
