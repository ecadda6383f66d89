import { median } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { pairedRatio, type Ratio } from '../../src/analyze/ratio.ts';
import { type Random, seededRandom } from '../../src/plan/prng.ts';

/** Standard normal, Box–Muller. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * One run as hosts make them: the host's speed walks by 2 % a block, every value has 5 % of lognormal noise, and
 * one in twenty is an outlier, up to 5 times slower.
 */
function simulateRun(random: Random, blocks: number, ratio: number): Ratio {
  const runtime = new Map<number, number>();
  const baseline = new Map<number, number>();
  let level = Math.log(30e6);
  const noisy = () => 0.05 * gaussian(random) + (random() < 0.05 ? Math.log(1 + 4 * random()) : 0);
  for (let block = 1; block <= blocks; block++) {
    level += 0.02 * gaussian(random);
    runtime.set(block, Math.exp(level + noisy()) * ratio);
    baseline.set(block, Math.exp(level + noisy()));
  }
  return pairedRatio(runtime, baseline, 0.95);
}

describe.each([[10], [20]])('in simulated runs of %i blocks', (blocks) => {
  const runs = 3000;

  test.each([[1], [1.1], [0.5], [3]])(
    'a true ratio of %d is found, and its interval covers it 95 times in 100',
    (ratio) => {
      const random = seededRandom(`simulation ${blocks} ${ratio}`);
      const results = Array.from({ length: runs }, () => simulateRun(random, blocks, ratio));
      const estimates = results.map((result) => result.ratio ?? Number.NaN);
      expect(Math.abs(median(estimates) / ratio - 1)).toBeLessThan(0.01);

      const covered = results.filter(
        ({ low, high }) => low !== null && high !== null && low <= ratio && ratio <= high,
      );
      expect(covered.length / runs).toBeGreaterThan(0.93);
      expect(covered.length / runs).toBeLessThan(0.97);
    },
  );

  test('where there is no difference, p is below 0.05 about 5 times in 100', () => {
    const random = seededRandom(`null ${blocks}`);
    const results = Array.from({ length: runs }, () => simulateRun(random, blocks, 1));
    const rejected = results.filter(({ p }) => p !== null && p < 0.05).length / runs;
    expect(rejected).toBeGreaterThan(0.035);
    expect(rejected).toBeLessThan(0.065);
  });
});
