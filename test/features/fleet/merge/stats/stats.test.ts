import { describe, expect, test } from 'vitest';
import { fisherTail, studentTwoSided } from '../../../../../src/core/analyze/stats/distributions.ts';
import { heterogeneity } from '../../../../../src/core/analyze/stats/heterogeneity.ts';
import { extremeHosts } from '../../../../../src/features/fleet/merge/outliers.ts';
import { associations } from '../../../../../src/features/fleet/merge/stats/facts-with.ts';
import {
  hostEstimate,
  meanInterval,
  predictionInterval,
} from '../../../../../src/features/fleet/merge/stats/host-estimate.ts';

const vote = (mean: number, variance = 0.01) => ({ mean, variance, df: 7 });

describe('Fisher’s F', () => {
  test.each([
    [4, 10],
    [0.3, 7],
    [60, 40],
  ])('with 2 degrees of freedom above it has a closed form: %d, %d', (f, df) => {
    expect(fisherTail(f, 2, df)).toBeCloseTo((1 + (2 * f) / df) ** (-df / 2), 12);
  });

  test.each([
    [0.1, 3],
    [2.5, 9],
    [12, 400],
  ])('with one above it is the square of Student’s t: t = %d, df = %d', (t, df) => {
    expect(fisherTail(t * t, 1, df)).toBeCloseTo(studentTwoSided(t, df), 11);
  });

  test('refuses what has no distribution', () => {
    expect(() => fisherTail(1, 0, 3)).toThrow(RangeError);
    expect(() => fisherTail(Number.NaN, 1, 3)).toThrow(RangeError);
  });
});

describe('the mean over hosts', () => {
  const found = hostEstimate([1, 2, 3, 4].map((mean) => vote(mean)));

  test('is that of t.test() of R', () => {
    expect(found.estimate).toBe(2.5);
    const { low, high } = meanInterval(found, 0.05) ?? { low: Number.NaN, high: Number.NaN };
    expect(low).toBeCloseTo(0.4457397, 6);
    expect(high).toBeCloseTo(4.5542603, 6);
  });

  test('predicts one more: t times the spread, wider by the error of the mean', () => {
    const { low, high } = predictionInterval(found, 0.05) ?? { low: Number.NaN, high: Number.NaN };
    expect((high - low) / 2).toBeCloseTo(3.182446 * Math.sqrt((5 / 3) * (1 + 1 / 4)), 5);
  });

  test('a host with many times the noise has one vote too', () => {
    expect(hostEstimate([vote(1, 1e-6), vote(3, 100)]).estimate).toBe(2);
  });

  test('one host has no interval, and two predict nothing', () => {
    expect(meanInterval(hostEstimate([vote(1)]), 0.05)).toBeNull();
    expect(predictionInterval(hostEstimate([vote(1), vote(2)]), 0.05)).toBeNull();
    expect(meanInterval(hostEstimate([vote(1), vote(2)]), 0.05)).not.toBeNull();
  });

  test('refuses no hosts and what is no number', () => {
    expect(() => hostEstimate([])).toThrow(RangeError);
    expect(() => hostEstimate([vote(Number.NaN)])).toThrow(RangeError);
  });
});

describe('do hosts differ?', () => {
  test('hosts that say the same do not, hosts far beyond their errors do', () => {
    expect(heterogeneity([vote(1), vote(1), vote(1)]).p).toBe(1);
    expect(heterogeneity([vote(0), vote(0.01), vote(2)]).p).toBeLessThan(1e-6);
    expect(heterogeneity([vote(1)]).p).toBe(1);
  });

  test('nobody can say where errors are not known', () => {
    expect(hostEstimate([1, 2].map((mean) => ({ ...vote(mean), variance: null }))).differP).toBeNull();
  });
});

describe('hosts that stand apart', () => {
  const near = [0.01, -0.02, 0.03, 0, -0.01, 0.02, -0.03, 0.015, -0.015, 0.005, -0.005, 0.025, -0.025];

  test('one is found, and none among alike', () => {
    expect(extremeHosts([...near, 1], 0.05)).toEqual([13]);
    expect(extremeHosts(near, 0.05)).toEqual([]);
  });

  test('two do not hide each other', () => {
    expect(extremeHosts([...near, 1, 1.01], 0.05).toSorted((a, b) => a - b)).toEqual([13, 14]);
  });

  test('of four hosts none can', () => {
    expect(extremeHosts([0, 0, 0.001, 9], 0.05)).toEqual([]);
  });

  test('equal values have none', () => {
    expect(extremeHosts([1, 1, 1, 1, 1, 1], 0.05)).toEqual([]);
  });
});

describe('facts that go with values', () => {
  const half = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
  const values = [1, 1.1, 0.9, 1.05, 0.95, 2, 2.1, 1.9, 2.05, 1.95];

  test('a fact that parts them is found, with what it explains', () => {
    const [found] = associations([half], [values], 1);
    expect(found?.share).toBeGreaterThan(0.95);
    expect(found?.pAdjusted).toBeLessThan(0.05);
  });

  test('the same seed gives the same p', () => {
    expect(associations([half], [values], 4)).toEqual(associations([half], [values], 4));
  });

  test('a host without a value, and one whose fact is not known, take no part', () => {
    const [found] = associations([[...half, -1, 0]], [[...values, 99, null]], 1);
    expect(found?.share).toBeGreaterThan(0.95);
  });

  test('nothing is asked of seven hosts, nor of values that two hosts have', () => {
    expect(associations([half.slice(0, 7)], [values.slice(0, 7)], 1)).toEqual([]);
    expect(associations([[0, 0, 0, 0, 0, 0, 0, 0, 1, 1]], [values], 1)).toEqual([]);
  });
});
