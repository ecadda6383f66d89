import { describe, expect, test } from 'vitest';
import { bimodality, minimumN } from '../../../../src/core/analyze/stats/bimodality.ts';
import { studentTwoSided } from '../../../../src/core/analyze/stats/distributions.ts';
import { spearman } from '../../../../src/core/analyze/stats/spearman.ts';
import { lag1Autocorrelation } from '../../../../src/core/analyze/warnings/steadiness.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

describe('Spearman’s correlation', () => {
  test('of a series that only rises is 1, and six such values have p = 2/720', () => {
    const { rho, p } = spearman([1, 2, 3, 4, 5, 6], [1, 4, 9, 16, 25, 36]);
    expect(rho).toBeCloseTo(1, 12);
    expect(p).toBeCloseTo(2 / 720, 12);
    expect(spearman([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]).rho).toBeCloseTo(-1, 12);
  });

  test('finds a drift of 2 % a block in 20 blocks of 5 % noise, and none where there is none', () => {
    const random = seededRandom('drift');
    const time = Array.from({ length: 20 }, (_, i) => i);
    const found = (step: number) =>
      Array.from(
        { length: 500 },
        () =>
          spearman(
            time,
            time.map((t) => step * t + 0.05 * gaussian(random)),
          ).p,
      ).filter((p) => (p ?? 1) < 0.05).length / 500;
    expect(found(0.02)).toBeGreaterThan(0.95);
    expect(found(0)).toBeLessThan(0.05 + 3 * Math.sqrt(0.05 / 500));
  });

  test('does not exist where nothing varies, and has no p below three pairs', () => {
    expect(spearman([1, 2, 3], [5, 5, 5])).toEqual({ rho: null, p: null });
    expect(spearman([1, 2], [1, 2])).toEqual({ rho: 1, p: null });
    expect(spearman([], []).rho).toBeNull();
    expect(() => spearman([1, 2], [1])).toThrow(RangeError);
    expect(() => spearman([1, Number.NaN], [1, 2])).toThrow(RangeError);
  });
});

test('Student’s t refuses what is no t distribution', () => {
  expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(studentTwoSided(0, 3)).toBe(1);
  for (const df of [0, 1.5, Number.NaN]) expect(() => studentTwoSided(1, df)).toThrow(RangeError);
  expect(() => studentTwoSided(Number.NaN, 3)).toThrow(RangeError);
});

describe('autocorrelation', () => {
  test('is that of the process, about', () => {
    const random = seededRandom('ar');
    let x = 0;
    const series = Array.from({ length: 5000 }, () => (x = 0.7 * x + gaussian(random)));
    expect(lag1Autocorrelation(series)).toBeCloseTo(0.7, 1);
    expect(Math.abs(lag1Autocorrelation(series.map(() => gaussian(random))) ?? 1)).toBeLessThan(0.05);
  });

  test('does not exist below three values, nor where all are equal', () => {
    expect(lag1Autocorrelation([1, 2])).toBeNull();
    expect(lag1Autocorrelation([0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toBeNull();
    expect(lag1Autocorrelation([0, 0, 0])).toBeNull();
    expect(() => lag1Autocorrelation([1, 2, Number.NaN])).toThrow(RangeError);
  });
});

describe('two groups', () => {
  const shareBelow = (n: number, draw: (random: () => number) => number) => {
    const random = seededRandom(`modes ${n}`);
    const ps = Array.from(
      { length: 1000 },
      () => bimodality(Array.from({ length: n }, () => draw(random)))?.p ?? 1,
    );
    return ps.filter((p) => p < 0.05).length / ps.length;
  };
  const limit = 0.05 + 3 * Math.sqrt(0.05 / 1000);

  test.each<[string, (random: () => number) => number]>([
    ['uniform', (random) => random()],
    ['normal', (random) => gaussian(random)],
    ['exponential', (random) => -Math.log(1 - random())],
    ['heavy-tailed', (random) => gaussian(random) / Math.max(1e-3, random())],
    ['with outliers', (random) => gaussian(random) + (random() < 0.05 ? 20 : 0)],
  ])('are rarely seen in one that is %s', (_, draw) => {
    for (const n of [10, 20, 40]) expect(shareBelow(n, draw)).toBeLessThan(limit);
  });

  test('are seen where two modes are far apart', () => {
    const modes = (random: () => number) => 0.02 * gaussian(random) + (random() < 0.4 ? Math.log(1.3) : 0);
    expect(shareBelow(20, modes)).toBeGreaterThan(0.9);
  });

  test('do not depend on level and scale, and are reported by size and mean', () => {
    const values = [1, 2, 3, 1.5, 2.5, 11, 12, 13, 11.5, 12.5, 1.2, 2.2];
    const found = bimodality(values);
    expect(found).toMatchObject({ lower: 7, upperMean: 12 });
    expect(found?.lowerMean).toBeCloseTo(13.4 / 7, 12);
    expect(bimodality(values.map((x) => 1e9 + 1e-3 * x))?.between).toBeCloseTo(found?.between ?? 0, 6);
  });

  test('have their p where it is below the level, and elsewhere one that is not below it either', () => {
    const random = seededRandom('levels');
    const ps = Array.from({ length: 60 }, (_, i) => {
      const apart = (i % 3) * 0.15;
      const values = Array.from({ length: 20 }, () => 0.02 * gaussian(random) + (random() < 0.4 ? apart : 0));
      return [bimodality(values)?.p ?? 1, bimodality(values, 0.05)?.p ?? 1] as const;
    });
    for (const [p, upTo] of ps) {
      if (p < 0.05) expect(upTo).toBe(p);
      else expect(upTo >= 0.05 && upTo <= p).toBe(true);
    }
    expect(ps.filter(([p]) => p < 0.05).length).toBeGreaterThan(10);
    expect(ps.filter(([p]) => p >= 0.05).length).toBeGreaterThan(10);
  });

  test('are not looked for in few values, nor in equal ones', () => {
    expect(bimodality(Array.from({ length: minimumN - 1 }, (_, i) => i))).toBeNull();
    expect(bimodality(new Array(20).fill(3))).toBeNull();
    expect(() => bimodality([1, Number.NaN])).toThrow(RangeError);
  });
});
