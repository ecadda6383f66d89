import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleBlock, shuffle } from '../../../../src/core/measure/schedule/block.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { Cell } from '../../../../src/core/model/trial/cell.ts';

const cells: Cell[] = ['runc', 'crun', 'runsc'].flatMap((runtime) =>
  ['startup/echo', 'io/fio'].map((workload) => ({
    runtime,
    profile: 'default',
    layer: 'docker' as const,
    workload,
    params: '',
  })),
);

test('a block holds every cell exactly once, whatever the seed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 500 }), (seed, block) => {
      const schedule = scheduleBlock({ seed, block, phase: 'measure', cells });
      expect(new Set(schedule.trials.map((trial) => trial.cell))).toEqual(new Set(cells));
      expect(schedule.trials).toHaveLength(cells.length);
      expect(schedule.trials.map((trial) => trial.position)).toEqual(cells.map((_, i) => i));
      expect(new Set(schedule.trials.map((trial) => trial.trialId)).size).toBe(cells.length);
    }),
  );
});

test('the trials of a workload follow one another, in every order of workloads and of runtimes', () => {
  const orders = Array.from({ length: 400 }, (_, block) =>
    scheduleBlock({ seed: 5, block, phase: 'measure', cells }).trials.map(({ cell }) => cell),
  );
  for (const order of orders) {
    const works = order.map(({ workload }) => workload);
    expect(works.filter((work, at) => work !== works[at - 1])).toHaveLength(2);
  }
  const runtimes = orders.map((order) => order.map(({ runtime }) => runtime).join());
  expect(new Set(runtimes.map((order) => order.split(',').slice(0, 3).join())).size).toBe(6);
  expect(new Set(runtimes).size).toBe(36);
  expect(new Set(orders.map(([first]) => first?.workload)).size).toBe(2);
});

test('a run of before is drawn again in one shuffle of all cells', () => {
  const drawn = (across: boolean) =>
    scheduleBlock({ seed: 5, block: 3, phase: 'measure', cells, across }).trials.map(({ cell }) => cell);
  expect(drawn(true)).toEqual(shuffle(cells, seededRandom('5:block:3')));
  expect(drawn(true)).not.toEqual(drawn(false));
});

test('the same seed gives the same order, another seed or block another', () => {
  const order = (seed: number, block: number) =>
    scheduleBlock({ seed, block, phase: 'measure', cells })
      .trials.map((t) => `${t.cell.runtime}/${t.cell.workload}`)
      .join();
  expect(order(7, 3)).toBe(order(7, 3));
  const many = new Set(Array.from({ length: 40 }, (_, i) => order(7, i)));
  expect(many.size).toBeGreaterThan(30);
  expect(order(7, 3)).not.toBe(order(8, 3));
});

test('every permutation is about equally likely', () => {
  const random = seededRandom('permutations');
  const counts = new Map<string, number>();
  const draws = 24_000;
  for (let i = 0; i < draws; i++) {
    const key = shuffle(['a', 'b', 'c', 'd'], random).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const expected = draws / 24;
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // 99.9 % quantile of chi-square with 23 degrees of freedom; the seed is fixed, so this is no lottery.
  expect(chiSquare).toBeLessThan(49.73);
});

test('the generator is uniform enough and its seeds are independent', () => {
  const random = seededRandom('uniform');
  const values = Array.from({ length: 20_000 }, random);
  const mean = values.reduce((a, b) => a + b) / values.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(seededRandom('1:block:2')()).not.toBe(seededRandom('1:block:3')());
});
