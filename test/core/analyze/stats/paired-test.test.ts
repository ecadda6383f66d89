import { describe, expect, test } from 'vitest';
import {
  cauchyCombination,
  meanInterval,
  pairedCentre,
  pairedT,
  pairedTest,
  robustFrom,
  testInterval,
  widened,
  widerTest,
} from '../../../../src/core/analyze/stats/paired-centre.ts';
import { signedRankTest } from '../../../../src/core/analyze/stats/signed-rank.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

const random = seededRandom('paired test');
const normal = (n: number, mean: number, deviation: number) =>
  Array.from({ length: n }, () => mean + deviation * gaussian(random));

describe('the Cauchy combination of two p values', () => {
  test('of equal ones is that p, and lies between others', () => {
    expect(cauchyCombination(0.03, 0.03)).toBe(0.03);
    const found = cauchyCombination(0.001, 0.2);
    expect(found).toBeGreaterThan(0.001);
    expect(found).toBeLessThan(0.2);
    expect(cauchyCombination(0.2, 0.001)).toBe(found);
  });

  test.each([
    [0.01, 0.04],
    [0.4, 0.7],
    [1e-9, 0.5],
    [0.02, 0.97],
  ])('of %d and %d is that of its definition', (a, b) => {
    const score = (p: number) => Math.tan((0.5 - p) * Math.PI);
    const expected = 0.5 - Math.atan((score(a) + score(b)) / 2) / Math.PI;
    expect(cauchyCombination(a, b) / expected).toBeCloseTo(1, 5);
  });

  test('keeps the digits of small values: about twice the smaller one', () => {
    expect(cauchyCombination(1e-30, 0.3) / 2e-30).toBeCloseTo(1, 9);
    expect(cauchyCombination(0, 0.3)).toBe(0);
  });

  test('is not undone by a test that saw nothing', () => {
    expect(cauchyCombination(0.001, 1)).toBeLessThan(0.003);
    expect(cauchyCombination(0.5, 1)).toBeLessThanOrEqual(1);
  });
});

describe('the test of paired differences', () => {
  test(`is the t test below ${robustFrom} pairs, then the combination with signed ranks`, () => {
    const values = normal(robustFrom, 0.1, 0.2);
    const few = values.slice(1);
    expect(pairedTest(few)).toMatchObject({ rankP: null, p: pairedT(few)?.p });
    const both = pairedTest(values);
    const [t, ranks] = [pairedT(values)?.p ?? 1, signedRankTest(values).p];
    expect(both?.rankP).toBe(ranks);
    expect(both?.agree).toBe(true);
    expect(both?.p).toBe(2 * cauchyCombination(t / 2, ranks / 2));
    expect(pairedTest([1])).toBeNull();
  });

  test('claims what one outlier hides from t', () => {
    const values = [...normal(19, 0.1, 0.05), -2];
    const found = pairedTest(values);
    expect(found?.t.p).toBeGreaterThan(0.5);
    expect(found?.p).toBeLessThan(0.01);
  });

  test('does not add up evidence of opposite directions', () => {
    // Twenty far above 0, eighty a little below.
    const opposed = [
      ...Array.from({ length: 20 }, (_, i) => 4.6 * (1 + (0.3 * ((i % 7) - 3)) / 3)),
      ...Array.from({ length: 80 }, (_, i) => -0.07 - 0.06 * (((i * 37) % 101) / 50 - 1)),
    ];
    const found = pairedTest(opposed);
    expect(found?.t.mean).toBeGreaterThan(0);
    expect(found?.agree).toBe(false);
    // t alone would claim the opposite.
    expect(found?.t.p).toBeLessThan(0.001);
    expect(found?.rankP).toBeLessThan(0.05);
    expect(found?.p).toBeGreaterThan(found?.rankP ?? 1);
  });

  test('keeps its level where differences are normal, and where outliers are among them', () => {
    const runs = 4000;
    for (const outliers of [0, 0.05]) {
      let rejected = 0;
      for (let i = 0; i < runs; i++) {
        const values = normal(14, 0, 0.1).map((value) =>
          random() < outliers ? value + 3 * (random() - 0.5) : value,
        );
        if ((pairedTest(values)?.p ?? 1) < 0.05) rejected++;
      }
      expect(rejected / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    }
  });

  test('with wider errors says less; without any spread it says the same', () => {
    const found = pairedTest(normal(16, 0.1, 0.1));
    const equal = pairedTest(new Array<number>(16).fill(0.1));
    if (found === null || equal === null) throw new Error('no test');
    const wider = widerTest(found, 2);
    expect(wider.p).toBeGreaterThan(found.p);
    expect(wider.t.p).toBeGreaterThan(found.t.p);
    expect(wider.rankP ?? 0).toBeGreaterThan(found.rankP ?? 1);
    expect(widerTest(equal, 2).p).toBe(equal.p);
    expect(equal.p).toBe(2 ** -15);
  });
});

describe('the interval that inverts the test', () => {
  test('of equal values is that value', () => {
    expect(testInterval(new Array<number>(12).fill(0.1), 0.01)).toEqual({ low: 0.1, high: 0.1 });
  });

  test('of very skewed values holds 0 where the test does', () => {
    for (let i = 0; i < 40; i++) {
      const logs = Array.from({ length: 60 }, () => Math.exp(1.6 * gaussian(random)));
      const centre = pairedCentre(logs, 0.95);
      const values = logs.map((value) => value - (centre?.low ?? 0) - 1e-6);
      const p = pairedTest(values)?.p ?? 1;
      const { low, high } = testInterval(values, 0.5 * p);
      expect(low).toBeLessThanOrEqual(0);
      expect(high).toBeGreaterThanOrEqual(0);
    }
  });

  test('is that of t below the least number for ranks', () => {
    const values = normal(8, 0.1, 0.1);
    const t = pairedT(values);
    if (t === null) throw new Error('no test');
    expect(testInterval(values, 0.03)).toEqual(meanInterval(t, 0.03));
    expect(testInterval(values, 0.03, 2)).toEqual(meanInterval({ ...t, se: 2 * t.se }, 0.03));
  });

  test.each([
    [0.05, 1],
    [0.001, 1],
    [0.01, 1.7],
  ])('ends where p is the level (level %d, widened by %d)', (miss, widening) => {
    const values = [...normal(20, 0.1, 0.1), 3];
    const { low, high } = testInterval(values, miss, widening);
    expect(low).toBeLessThan(high);
    const pAt = (at: number) => {
      const found = pairedTest(values.map((value) => value - at));
      return found === null ? 1 : widerTest(found, widening).p;
    };
    const step = (high - low) / 1000;
    for (const [inside, outside] of [
      [low + step, low - step],
      [high - step, high + step],
    ] as const) {
      expect(pAt(inside)).toBeGreaterThan(miss);
      expect(pAt(outside)).toBeLessThanOrEqual(miss);
    }
  });

  test('is about that of the signed ranks where one value is far out', () => {
    const values = [...normal(30, 0.1, 0.05), 9];
    const { low, high } = testInterval(values, 0.05);
    const centre = pairedCentre(values, 0.95);
    if (centre === null || centre.low === null || centre.high === null) throw new Error('no centre');
    expect(high - low).toBeLessThan(2 * (centre.high - centre.low));
    expect(widened(centre, 2).high).toBeGreaterThan(centre.high);
  });
});
