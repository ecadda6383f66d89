import { describe, expect, test } from 'vitest';
import { extremeHosts } from '../../../../../src/features/fleet/merge/outliers.ts';
import { heterogeneity } from '../../../../../src/features/fleet/merge/stats/heterogeneity.ts';
import {
  centreInterval,
  hostEstimate,
  predictionInterval,
} from '../../../../../src/features/fleet/merge/stats/host-estimate.ts';

const vote = (mean: number, variance = 0.01) => ({ mean, variance, df: 7 });

const near = Math.log1p(0.05);

describe('the mean over hosts', () => {
  const found = hostEstimate(
    [1, 2, 3, 4].map((mean) => vote(mean)),
    near,
  );

  test('is that of t.test() of R', () => {
    expect(found.mean.estimate).toBe(2.5);
    const { low, high } = centreInterval(found.mean, 0.05) ?? { low: Number.NaN, high: Number.NaN };
    expect(low).toBeCloseTo(0.4457397, 6);
    expect(high).toBeCloseTo(4.5542603, 6);
  });

  test('is the robust centre of fewer than four hosts', () => {
    const three = hostEstimate([vote(0), vote(0.1), vote(9)], near);
    expect(three).toMatchObject(three.mean);
    expect(three.counts).toEqual([true, true, true]);
    expect(three.sound).toBe(3);
    expect(hostEstimate([vote(0, 0), vote(0.1, 0), vote(9, 0)], near).sound).toBe(3);
  });

  test('predicts one more of three: t times the spread, wider by the error of the mean', () => {
    const three = hostEstimate([vote(1), vote(2), vote(3)], near);
    const { low, high } = predictionInterval(three, 0.05) ?? { low: Number.NaN, high: Number.NaN };
    expect((high - low) / 2).toBeCloseTo(4.302653 * Math.sqrt(1 + 1 / 3), 5);
  });

  test('a host with many times the noise has one vote too', () => {
    expect(hostEstimate([vote(1, 1e-6), vote(3, 100)], near).estimate).toBe(2);
  });

  test('one host has no interval, and two predict nothing', () => {
    expect(centreInterval(hostEstimate([vote(1)], near), 0.05)).toBeNull();
    expect(predictionInterval(hostEstimate([vote(1), vote(2)], near), 0.05)).toBeNull();
    expect(centreInterval(hostEstimate([vote(1), vote(2)], near), 0.05)).not.toBeNull();
  });

  test('refuses no hosts and what is no number', () => {
    expect(() => hostEstimate([], near)).toThrow(RangeError);
    expect(() => hostEstimate([vote(Number.NaN)], near)).toThrow(RangeError);
    expect(() =>
      hostEstimate(
        [1, 2, 3, 4, Number.POSITIVE_INFINITY].map((mean) => vote(mean)),
        near,
      ),
    ).toThrow(RangeError);
  });
});

describe('the robust centre of hosts', () => {
  const quiet = (means: readonly number[]) =>
    hostEstimate(
      means.map((mean) => vote(mean, 1e-4)),
      near,
    );
  const good = [-0.05, -0.03, -0.02, -0.01, 0, 0, 0.01, 0.02, 0.03, 0.05];

  test('a bad host has no weight, however far off it is, and the mean shows it', () => {
    const alone = quiet(good);
    for (const far of [Math.log(2), Math.log(8), 300]) {
      const found = quiet([...good, far]);
      expect(found.estimate).toBeCloseTo(alone.estimate, 3);
      expect(found.standardError).toBeLessThan(1.3 * alone.standardError);
      expect(found.counts.filter((counts) => !counts)).toHaveLength(1);
      expect(found.df).toBe(9);
      expect(found.spread).toBeCloseTo(alone.spread, 6);
      expect(found.mean.estimate).toBeCloseTo(far / 11, 9);
    }
  });

  test('two bad ones of ten, on one side, have none', () => {
    const found = quiet([...good.slice(0, 8), 2, 2.1]);
    expect(found.counts).toEqual([...Array(8).fill(true), false, false]);
    expect(Math.abs(found.estimate)).toBeLessThan(0.02);
  });

  test('hosts that do not scatter more than chance count nearly as in the mean', () => {
    const { estimate, standardError, mean } = quiet(good);
    expect(estimate).toBeCloseTo(mean.estimate, 3);
    expect(standardError / mean.standardError).toBeGreaterThan(0.9);
    expect(standardError / mean.standardError).toBeLessThan(1.2);
  });

  test('the order, a shift and a change of sign of the hosts change nothing else', () => {
    const values = [...good, 0.4, 2];
    const { estimate, standardError } = quiet(values);
    expect(quiet(values.toReversed())).toMatchObject({ estimate, standardError });
    expect(quiet(values.map((value) => value + 3)).estimate).toBeCloseTo(estimate + 3, 9);
    expect(quiet(values.map((value) => -value)).estimate).toBeCloseTo(-estimate, 9);
  });

  test('a host within the practical band counts, though all others are equal', () => {
    const equal = [0, 0, 0, 0, 0, 0];
    expect(quiet([...equal, 0.04]).counts).not.toContain(false);
    const bad = quiet([...equal, 0.3]);
    expect(bad.counts.indexOf(false)).toBe(6);
    expect(bad.estimate).toBe(0);
    // Equal hosts say nothing of their spread: their own noise does.
    expect(bad.standardError).toBeCloseTo(0.01 / Math.sqrt(6), 9);
  });

  test('a host that its own noise takes far off has no weight, but is one of the kind', () => {
    const votes = good.map((mean) => vote(mean, 1e-4));
    const noisy = hostEstimate([...votes, vote(0.9, 0.09)], near);
    const sure = hostEstimate([...votes, vote(0.9, 1e-4)], near);
    expect([noisy.counts.at(-1), sure.counts.at(-1)]).toEqual([false, false]);
    expect([noisy.sound, sure.sound]).toEqual([11, 10]);
    expect(noisy.spread).toBeGreaterThan(10 * sure.spread);
  });

  test('a thousand hosts, of which a fifth is bad, take no time', () => {
    const many = Array.from({ length: 1000 }, (_, at) => (at % 5 === 0 ? 2 : 0.1 * Math.sin(at)));
    const begin = performance.now();
    const { estimate, counts } = quiet(many);
    expect(performance.now() - begin).toBeLessThan(500);
    expect(Math.abs(estimate)).toBeLessThan(0.02);
    expect(counts.filter(Boolean)).toHaveLength(800);
  });
});

describe('do hosts differ?', () => {
  test('hosts that say the same do not, hosts far beyond their errors do', () => {
    expect(heterogeneity([vote(1), vote(1), vote(1)]).p).toBe(1);
    expect(heterogeneity([vote(0), vote(0.01), vote(2)]).p).toBeLessThan(1e-6);
    expect(heterogeneity([vote(1)]).p).toBe(1);
  });

  test('nobody can say where errors are not known', () => {
    const unknown = [1, 2].map((mean) => ({ ...vote(mean), variance: null }));
    expect(hostEstimate(unknown, near).differP).toBeNull();
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
