import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairedP } from '../../../src/analyze/stats/paired-p.ts';
import { seededRandom } from '../../../src/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

test('values that do not overlap have twice the rank-sum test’s 2/C(2n,n)', () => {
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [100 + i, 10 + i]);
  expect(pairedP(pairs)).toBeCloseTo(4 / 12_870, 15);
});

test('values that overlap, but agree, have twice the signed-rank test’s 2^(1−n)', () => {
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [1.1 * 2 ** i, 2 ** i]);
  expect(pairedP(pairs)).toBe(2 * 2 ** -7);
});

test('arms that are opposed within blocks are judged by the signed-rank test alone', () => {
  // Without overlap, but the high ones of one side are beside the low ones of the other.
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [18 + i, 17 - i]);
  expect(pairedP(pairs)).toBe(2 * 2 ** -7);
});

test('unless they are farther apart than either is wide, which no opposition around one centre explains', () => {
  const pairs = Array.from({ length: 8 }, (_, i): [number, number] => [100 + i, 17 - i]);
  expect(pairedP(pairs)).toBeCloseTo(4 / 12_870, 15);
});

test('of arms that mirror each other around one centre, small p values are as rare as they say', () => {
  const random = seededRandom('mirrored');
  const runs = 20_000;
  let small = 0;
  for (let run = 0; run < runs; run++) {
    const pairs = Array.from({ length: 8 }, (): [number, number] => {
      const [a, b] = [gaussian(random), gaussian(random)];
      return [Math.exp(0.05 * a), Math.exp(0.05 * (-0.95 * a + Math.sqrt(1 - 0.95 ** 2) * b))];
    });
    if (pairedP(pairs) < 0.001) small += 1;
  }
  // Three standard deviations above one in a thousand.
  expect(small).toBeLessThanOrEqual(20 + 3 * Math.sqrt(20));
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
