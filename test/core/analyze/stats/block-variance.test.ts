import { expect, test } from 'vitest';
import { blockVariance } from '../../../../src/core/analyze/stats/block-variance.ts';

/** Residuals of blocks `from` … `from + n − 1`, which sum up to 0. */
function residuals(n: number, size: number, from = 1): ReadonlyMap<number, number> {
  const raw = Array.from({ length: n }, (_, i) => Math.sin(7 * i + size));
  const mean = raw.reduce((sum, value) => sum + value, 0) / n;
  return new Map(raw.map((value, i) => [from + i, size * (value - mean)]));
}

const own = (values: ReadonlyMap<number, number>) => {
  const n = values.size;
  return [...values.values()].reduce((sum, value) => sum + value * value, 0) / (n - 1) / n;
};

test('series without a common block add their variances, however unequal their lengths', () => {
  const all = [residuals(6, 1), residuals(20, 0.5, 100)];
  const weights = [0.3, 0.7];
  const blocks = new Set(all.flatMap((values) => [...values.keys()]));
  const [short, long] = all.map(own);
  const { variance } = blockVariance(all, { blocks, weights, without: () => weights });
  expect(variance).toBeCloseTo(0.09 * (short ?? 0) + 0.49 * (long ?? 0), 12);
});

test('the degrees of freedom are those of the series that the variance comes from', () => {
  const [short, long] = [residuals(6, 1), residuals(40, 1)];
  const blocks = new Set(long.keys());
  const of = (weights: readonly number[]) =>
    blockVariance([short, long], { blocks, weights, without: () => weights }).df;
  expect(of([1, 0])).toBe(5);
  expect(of([0, 1])).toBe(39);
  expect(of([0.5, 0.5])).toBeLessThan(12);
});

test('a series that came out without spread by chance does not raise them', () => {
  const still = new Map([...residuals(6, 1).keys()].map((block) => [block, 0]));
  const long = residuals(40, 1);
  const { df } = blockVariance([still, long], {
    blocks: new Set(long.keys()),
    weights: [0.9, 0.1],
    without: () => [0.9, 0.1],
  });
  expect(df).toBeLessThan(7);
});

test('the weights of a block are those without it', () => {
  const values = residuals(8, 1);
  const blocks = new Set(values.keys());
  const asked: number[] = [];
  const { variance } = blockVariance([values, values], {
    blocks,
    weights: [0.5, 0.5],
    without: (block) => {
      asked.push(block);
      return [1, 1];
    },
  });
  expect(asked).toEqual([...blocks]);
  expect(variance).toBeCloseTo(4 * own(values), 12);
});
