import { expect, test } from 'vitest';
import { watchWallClock } from '../../../../src/core/measure/execute/wall-clock.ts';

const hour = 3_600_000;

/** What is stamped while the two clocks go on by these steps, ms. */
function stamped(...steps: readonly (readonly [dayMs: number, bootMs: number])[]) {
  let clocks = { day: new Date('2026-12-01T12:00:00Z'), bootMs: 5_000 };
  const stamp = watchWallClock(() => clocks);
  return steps.map(([dayMs, bootMs]) => {
    clocks = { day: new Date(clocks.day.getTime() + dayMs), bootMs: clocks.bootMs + bootMs };
    return stamp().clockSetMs ?? null;
  });
}

test('a clock that is set is seen once, forward and back', () => {
  expect(stamped([1_000, 1_000], [2 * hour + 300, 300], [500, 500])).toEqual([null, 2 * hour, null]);
  expect(stamped([-hour, 400], [400, 400])).toEqual([-hour - 400, null]);
});

test('a pause of the host, and what NTP adjusts, are not', () => {
  expect(stamped([9 * hour, 9 * hour], [1_500, 300], [300, 1_500], [100, 90])).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('the time of day is that of the stamp', () => {
  const stamp = watchWallClock(() => ({ day: new Date(0), bootMs: 0 }));
  expect(stamp()).toEqual({ startedAt: '1970-01-01T00:00:00.000Z' });
});
