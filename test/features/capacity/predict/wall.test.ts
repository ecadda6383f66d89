import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erlangC } from '../../../../src/core/analyze/stats/erlang-c.ts';
import { stretch, wallOf } from '../../../../src/features/capacity/predict/predict.ts';

/** By its definition, with factorials. */
function erlangByDefinition(cpus: number, load: number): number {
  const term = (n: number) => Array.from({ length: n }, (_, i) => load / (i + 1)).reduce((a, b) => a * b, 1);
  const waiting = (term(cpus) * cpus) / (cpus - load);
  const others = Array.from({ length: cpus }, (_, n) => term(n)).reduce((a, b) => a + b, 0);
  return waiting / (others + waiting);
}

test('is Erlang’s probability of waiting', () => {
  // One server: as often as it is busy. Two at half load: a textbook's 1/3.
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (c, u) => {
      expect(erlangC(c, c * u)).toBeCloseTo(erlangByDefinition(c, c * u), 9);
    }),
  );
  expect(erlangC(8192, 8192 * 0.9)).toBeLessThan(1e-9);
});

test('one server at half load takes twice the service time, many take hardly more than it', () => {
  expect(stretch(1, 0.5)).toBeCloseTo(2, 12);
  expect(stretch(64, 0.5)).toBeLessThan(1.0001);
});

test('a request waits longer than it works longer', () => {
  const one = wallOf({ value: 1.5, low: 1.2, high: 1.8 }, { utilisation: 0.5, cpus: 1 });
  // 1.5 / (1 − 0.75) against 1 / (1 − 0.5).
  expect(one.ratio?.value).toBeCloseTo(3, 12);
  expect(one.ratio?.low).toBeCloseTo(1.5, 12);
  expect(one.ratio?.high).toBeCloseTo(9, 12);
  expect(one.subjectUtilisation).toBeCloseTo(0.75);
});

test('what would need more than all CPUs has no time, and says how much it would need', () => {
  const over = wallOf({ value: 2.5, low: 1.9, high: null }, { utilisation: 0.5, cpus: 4 });
  expect(over).toMatchObject({ ratio: null, subjectUtilisation: 1.25 });
  const perhaps = wallOf({ value: 1.5, low: 1.2, high: 2.1 }, { utilisation: 0.5, cpus: 4 });
  expect(perhaps.ratio).toMatchObject({ high: null });
  expect(perhaps.ratio?.low).toBeGreaterThan(1);
});
