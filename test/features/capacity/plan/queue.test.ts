import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import {
  highestUtilisation,
  lateShare,
  usualUtilisation,
} from '../../../../src/features/capacity/plan/demand.ts';
import type { Slo } from '../../../../src/features/capacity/plan/input-record.ts';

const slo = (withinMs: number, aloneMs: number, percentile = 0.99): Slo => ({
  kind: 'response',
  withinMs,
  aloneMs,
  percentile,
});

test('without a promise, or with one of utilisation, there is nothing to compute', () => {
  expect(highestUtilisation(null, 3, 1)).toBe(usualUtilisation);
  expect(highestUtilisation({ kind: 'utilisation', utilisation: 0.6 }, 3, 1)).toBe(0.6);
});

test('with one server it is the closed form of M/M/1', () => {
  // exp(-(1 - u) · T/s) = 0.01
  const expected = 1 - Math.log(100) / (50 / 4);
  expect(highestUtilisation(slo(50, 4), 1, 1)).toBeCloseTo(expected, 5);
  expect(highestUtilisation(slo(50, 2), 2, 1)).toBeCloseTo(expected, 5);
});

test('what takes longer leaves less room, and more servers leave more', () => {
  const of = (ratio: number, servers: number) => highestUtilisation(slo(50, 4), ratio, servers) ?? 0;
  expect(of(1.5, 1)).toBeLessThan(of(1, 1));
  expect(of(1, 4)).toBeGreaterThan(of(1, 1));
});

test('a promise that does not even hold alone holds at no utilisation', () => {
  expect(highestUtilisation(slo(50, 20), 1, 4)).toBeNull();
  expect(highestUtilisation(slo(50, 4), 3, 4)).toBeNull();
});

test('a promise that always holds does not fill the CPUs', () => {
  expect(highestUtilisation(slo(1e6, 1), 1, 8)).toBe(0.99);
});

/** Answers of a simulated queue that took longer than `time` service times. */
function simulated(time: number, utilisation: number, servers: number): number {
  const random = seededRandom('queue');
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const free = Array.from({ length: servers }, () => 0);
  const answers = 200_000;
  let [now, late] = [0, 0];
  for (let i = 0; i < answers; i++) {
    now += exponential(1 / (utilisation * servers));
    const next = free.indexOf(Math.min(...free));
    const end = Math.max(now, free[next] ?? 0) + exponential(1);
    free[next] = end;
    if (end - now > time) late++;
  }
  return late / answers;
}

test.each([
  [5, 0.5, 1],
  [6, 0.75, 2],
  [4, 0.8, 4],
  // The two exponentials of the formula are equal: free servers are one.
  [5, 0.5, 2],
] as const)(
  'the share of late answers is that of a simulated queue: %d times, %d busy, %d servers',
  (time, busy, servers) => {
    expect(lateShare(time, busy, servers) / simulated(time, busy, servers)).toBeGreaterThan(0.9);
    expect(lateShare(time, busy, servers) / simulated(time, busy, servers)).toBeLessThan(1.1);
  },
);
