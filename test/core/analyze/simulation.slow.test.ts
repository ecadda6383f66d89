import { median } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { pairedRatio, type Ratio } from '../../../src/core/analyze/rows/ratio.ts';
import { rankSumTest } from '../../../src/core/analyze/stats/rank-sum.ts';
import { hostile, type Scenario, scenarioRandom, scenarios, simulateArms } from './simulated-run.ts';

/** The full table is `npm run prove`; this is as much of it as a test may cost. */
const runs = 2000;

/** Standard error of a share that is about 5 %. */
const error = Math.sqrt((0.05 * 0.95) / runs);

/**
 * What the intervals cover, exactly: 1 − 2·P(W ≤ k−1), where k−1 is the tabulated critical value (n = 7: 2, 8: 3, 10: 8,
 * 20: 52) and W the signed-rank statistic; from counting the subsets of 1…n by their sums.
 */
const covers: Readonly<Record<number, number>> = {
  7: 1 - (2 * 3) / 2 ** 7,
  8: 1 - (2 * 5) / 2 ** 8,
  10: 1 - (2 * 25) / 2 ** 10,
  20: 1 - (2 * 25_397) / 2 ** 20,
};

function simulate(scenario: Scenario, blocks: number, ratio: number) {
  const random = scenarioRandom(scenario, `test ${blocks} ${ratio}`);
  return Array.from({ length: runs }, () => {
    const { runtime, baseline } = simulateArms(scenario, random, blocks, ratio);
    return { runtime, baseline, ...pairedRatio(runtime, baseline, 0.95) };
  });
}

const share = <T>(all: readonly T[], holds: (one: T) => boolean) => all.filter(holds).length / all.length;

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('under %s', (_, scenario) => {
  test.each([7, 8, 10, 20])('%i blocks: intervals cover what they say, p below 0.05 is rare', (blocks) => {
    const results = simulate(scenario, blocks, 1);
    const covered = share(results, ({ low, high }) => low !== null && high !== null && low <= 1 && 1 <= high);
    expect(Math.abs(covered - (covers[blocks] ?? Number.NaN))).toBeLessThan(4 * error);
    expect(share(results, ({ p }) => p !== null && p < 0.05)).toBeLessThan(0.05 + 2 * error);
  });
});

test.each([1.1, 0.5, 3])('a true ratio of %d is found under drift, outliers and modes', (ratio) => {
  const scenario = scenarios.at(-1) as Scenario;
  const results = simulate(scenario, 10, ratio);
  expect(Math.abs(median(results.map((result) => result.ratio ?? Number.NaN)) / ratio - 1)).toBeLessThan(
    0.02,
  );
  const covered = share(
    results,
    ({ low, high }) => low !== null && high !== null && low <= ratio && ratio <= high,
  );
  expect(Math.abs(covered - (covers[10] ?? Number.NaN))).toBeLessThan(4 * error);
});

describe('where whatever slows down one of two runtimes spares the other', () => {
  // docs/method.md tells these limits.
  test.each([
    ['within-block correlation −0.5', 20],
    ['within-block correlation −0.9', 10],
    ['within-block correlation −0.9', 20],
    ['one of the two is hit, +30 %', 20],
    ['one of the two is hit, +30 %', 8],
  ] as const)(
    '%s, %i blocks: a test of unpaired values does not hold, the paired test beside the interval does',
    (name, blocks) => {
      const scenario = hostile.find((each) => each.name === name) as Scenario;
      const results = simulate(scenario, blocks, 1);
      const alone = share(
        results,
        ({ runtime, baseline }) => rankSumTest([...runtime.values()], [...baseline.values()]).p < 0.05,
      );
      expect(alone).toBeGreaterThan(0.08);
      const claimable = ({ p, low, high }: Ratio) => (p ?? 1) < 0.05 && ((low ?? 0) > 1 || (high ?? 2) < 1);
      // At the level, but for the error of so many runs.
      expect(share(results, claimable)).toBeLessThan(0.05 + 2 * Math.sqrt((0.05 * 0.95) / results.length));
    },
  );
});
