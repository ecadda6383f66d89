import { expect, test } from 'vitest';
import {
  type BlockSeries,
  middleMean,
  middleP,
  withoutOutliers,
} from '../../../../src/core/analyze/stats/middle-mean.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

const series = (...values: readonly number[]): BlockSeries =>
  new Map(values.map((value, i) => [i + 1, value]));
const still = [0.1, 0.12, 0.09, 0.11, 0.1, 0.08, 0.12, 0.1, 0.09];

test('series without outliers stay as they are, the same objects', () => {
  const plain = [series(...still), series(...still.toReversed())];
  expect(withoutOutliers(plain)).toEqual(plain);
  expect(withoutOutliers(plain)[0]).toBe(plain[0]);
  expect(withoutOutliers([])).toEqual([]);
});

test.each([
  [10, 3, still],
  [9, 5, still.slice(1)],
])('an outlier of %d values counts as a value at %d deviations, however far it is', (n, deviations, rest) => {
  const of = (far: number) => withoutOutliers([series(...rest, far)]);
  expect(of(2)).toEqual(of(200));
  const [found] = of(2);
  // Median 0.1; median absolute deviation 0.01.
  const kept = middleMean([found ?? new Map()]);
  const clipped = [...rest, 0.1 + (deviations * 1.4826 * 0.01 * n) / (n - 1.5)];
  const mean = clipped.reduce((sum, value) => sum + value, 0) / clipped.length;
  expect(kept.estimate).toBeCloseTo(mean, 12);
  // Of n values, all but one are within.
  const squares = clipped.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(kept.standardError).toBeCloseTo((Math.sqrt(squares / (n - 1) / n) * n) / (n - 1), 12);
});

test('either side is treated alike', () => {
  const turned = (all: readonly BlockSeries[]) =>
    all.map((one) => new Map([...one].map(([block, value]) => [block, -value])));
  const far = [series(...still, -3, 5), series(...still, 0.1, 7)];
  const [one, other] = [withoutOutliers(turned(far)), turned(withoutOutliers(far))];
  one.forEach((own, i) => {
    for (const [block, value] of own) expect(value).toBeCloseTo(other[i]?.get(block) ?? Number.NaN, 12);
  });
});

test('a series of equal values is measured by the scatter of the others', () => {
  const equal = series(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 5);
  const [found] = withoutOutliers([equal, series(...still), series(...still)]);
  expect(Math.max(...(found?.values() ?? []))).toBeLessThan(0.4);
  // Alone it has no scale, and stays.
  expect(withoutOutliers([equal])[0]).toBe(equal);
});

test('two groups of values are no outliers: their mean is that of both', () => {
  const two = [series(0, 0.01, -0.01, 0.4, 0.41, 0, 0.39, 0.01, 0.4, -0.01, 0.4, 0)];
  expect(withoutOutliers(two)).toEqual(two);
});

// In every block one of the two trials is hit, by twenty times their noise: values lie in two groups about 0.
test.each([10, 20, 30])(
  'where values have two groups, %d of them reject as often as they do untouched',
  (n) => {
    const random = seededRandom(`two groups ${n}`);
    const runs = 1000;
    let [bounded, plain] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const all = Array.from({ length: 3 }, () =>
        series(...Array.from({ length: n }, () => (random() < 0.5 ? 0.1 : -0.1) + 0.005 * gaussian(random))),
      );
      if (middleP(middleMean(withoutOutliers(all))) < 0.05) bounded++;
      if (middleP(middleMean(all)) < 0.05) plain++;
    }
    expect(bounded / runs).toBeLessThan(plain / runs + 0.025);
  },
);
