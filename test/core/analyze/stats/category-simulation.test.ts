import { describe, expect, test } from 'vitest';
import { middleP } from '../../../../src/core/analyze/stats/middle-mean.ts';
import { pairedTest } from '../../../../src/core/analyze/stats/paired-centre.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';
import { type CategoryShape, type draws, shapes, simulateCategory } from './simulated-category.ts';

/** Of each shape; bench/prove/results/categories.md has the table of many. */
const runs = 100;

/** Standard error of a share that is about 5 %, over all shapes and in one. */
const error = (n: number) => Math.sqrt((0.05 * 0.95) / n);

interface Host {
  readonly spread: number;
  readonly draw: keyof typeof draws;
}

/** Shares of runs whose interval misses what the estimate is of, and whose p is below 0.05 though nothing differs. */
function misses(shape: CategoryShape, host: Host): { readonly missed: number; readonly rejected: number } {
  const random = seededRandom(`categories ${shape.name} ${host.draw} ${host.spread}`);
  let [missed, rejected] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const { middle, truth, low, high } = simulateCategory(shape, { effect: 0, ...host }, random);
    if (truth < low || truth > high) missed++;
    // What the subjects truly cost is taken away: then their middle costs the same, whatever the spread between them.
    if (middleP({ ...middle, estimate: middle.estimate - truth }) < 0.05) rejected++;
  }
  return { missed: missed / runs, rejected: rejected / runs };
}

describe.each([
  ['normal noise', { spread: 0, draw: 'normal' }, 0.04],
  ['subjects that differ by 20 %', { spread: Math.log(1.2), draw: 'normal' }, 0.04],
  // Heavy tails make intervals wide: they err on the safe side.
  ['heavy tails', { spread: 0, draw: 'heavy tails' }, 0.02],
] as const)('under %s', (_, host, least) => {
  const found = shapes.map((shape) => ({ name: shape.name, ...misses(shape, host) }));
  const mean = (of: (one: (typeof found)[number]) => number) =>
    found.reduce((sum, one) => sum + of(one), 0) / found.length;

  test('over all shapes intervals miss and p rejects as often as they say', () => {
    const all = error(runs * shapes.length);
    for (const share of [mean(({ missed }) => missed), mean(({ rejected }) => rejected)]) {
      expect(share).toBeGreaterThan(least - 2 * all);
      expect(share).toBeLessThan(0.06 + 2 * all);
    }
  });

  test('no shape of subjects breaks them', () => {
    for (const { missed, rejected } of found) {
      expect(missed).toBeLessThan(0.06 + 3.5 * error(runs));
      expect(rejected).toBeLessThan(0.06 + 3.5 * error(runs));
    }
  });
});

test('a difference of 10 % in every subject is claimed of the category long before it is of one', () => {
  const claimed = (name: string) => {
    const shape = shapes.find((each) => each.name === name);
    expect(shape).toBeDefined();
    if (shape === undefined) return Number.NaN;
    const random = seededRandom(`categories power ${name}`);
    const results = Array.from({ length: runs }, () =>
      simulateCategory(shape, { effect: Math.log(1.1), spread: 0, draw: 'normal' }, random),
    );
    // The strictest of Holm's levels for three runtimes and seven categories.
    return results.filter(({ middle }) => middleP(middle) < 0.05 / 21).length / runs;
  };
  const random = seededRandom('one subject');
  const alone = Array.from({ length: runs }, () =>
    pairedTest(Array.from({ length: 8 }, () => Math.log(1.1) + 0.15 * gaussian(random))),
  );
  expect(alone.filter((found) => (found?.p ?? 1) < 0.05 / 21).length / runs).toBeLessThan(0.1);
  expect(claimed('startup')).toBeGreaterThan(0.45);
  // Its six tests weigh the same, and one of them has 40 times the noise of the quietest: at 8 blocks that hides 10 %.
  expect(claimed('syscall, 6 to 30 blocks')).toBeGreaterThan(0.5);
  expect(claimed('startup, 6 to 30 blocks')).toBeGreaterThan(0.9);
});
