import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairedP } from '../../../src/analyze/stats/paired-p.ts';

test('values that do not overlap have twice the rank-sum test’s 2/C(2n,n)', () => {
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [100 + i, 10 + i]);
  expect(pairedP(pairs)).toBeCloseTo(4 / 12_870, 15);
});

test('values that overlap, but agree, have twice the signed-rank test’s 2^(1−n)', () => {
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [1.1 * 2 ** i, 2 ** i]);
  expect(pairedP(pairs)).toBe(2 * 2 ** -7);
});

test('arms that are opposed within blocks are judged by the signed-rank test alone', () => {
  // The same values as in the first test, but the high ones of one side beside the low ones of the other.
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [100 + i, 17 - i]);
  expect(pairedP(pairs)).toBe(2 * 2 ** -7);
});

test('equal values have p = 1', () => {
  expect(pairedP(Array.from({ length: 8 }, () => [3, 3]))).toBe(1);
});

test('is a probability that neither exchange nor scale nor the order of blocks changes', () => {
  const value = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 14 }), (pairs) => {
      const p = pairedP(pairs);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(pairedP(pairs.map(([a, b]) => [b, a]))).toBe(p);
      expect(pairedP(pairs.map(([a, b]) => [1024 * a, 1024 * b]))).toBe(p);
      expect(pairedP(pairs.toReversed())).toBeCloseTo(p, 12);
    }),
    { seed: 1, numRuns: 500 },
  );
});
