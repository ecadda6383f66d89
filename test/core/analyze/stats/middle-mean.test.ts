import { describe, expect, test } from 'vitest';
import { type BlockSeries, middleMean, middleP } from '../../../../src/core/analyze/stats/middle-mean.ts';

const series = (...values: readonly number[]): BlockSeries =>
  new Map(values.map((value, i) => [i + 1, value]));
const noisy = series(0.3, -0.1, 0.2, 0.6, 0.1, 0.25, -0.05, 0.4);
const quiet = series(0.11, 0.1, 0.09, 0.12, 0.1, 0.08, 0.11, 0.1);

describe('a pooled mean', () => {
  test('of one series is its t test', () => {
    const { estimate, standardError, df, weights, between } = middleMean([noisy]);
    const values = [...noisy.values()];
    const mean = values.reduce((sum, value) => sum + value, 0) / 8;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(estimate).toBeCloseTo(mean, 14);
    expect(standardError).toBeCloseTo(Math.sqrt(squares / 7 / 8), 14);
    expect({ df, weights, between }).toEqual({ df: 7, weights: [1], between: 0 });
  });

  test('takes what blocks share once: it does not cancel between series', () => {
    const common = [0.3, -0.2, 0.1, -0.3, 0.2, -0.1, 0.25, -0.25];
    const one = middleMean([series(...common)]);
    const three = middleMean([series(...common), series(...common), series(...common)]);
    expect(three.standardError).toBeCloseTo(one.standardError, 12);
    expect(three.df).toBe(7);
  });

  test('does not let a series that hardly varies stand for all', () => {
    const still = series(...Array.from({ length: 8 }, (_, i) => 0.5 + 1e-6 * i));
    const alike = series(0.45, 0.52, 0.48, 0.55, 0.51, 0.47, 0.53, 0.49);
    const { weights } = middleMean([still, alike, alike]);
    // A quarter of the median variance weighs at most four times as much as the others.
    expect(weights[0]).toBeCloseTo(4 / 6, 6);
  });

  test('weighs the series alike where they truly differ far more than they vary', () => {
    const shifted = (by: number) => new Map([...quiet].map(([block, value]) => [block, value + by]));
    const { weights, between } = middleMean([quiet, shifted(2), shifted(-2)]);
    for (const weight of weights) expect(weight).toBeCloseTo(1 / 3, 4);
    expect(Math.sqrt(between)).toBeCloseTo(2, 2);
  });

  test('counts its blocks: the union, whatever each series has of them', () => {
    const late = new Map([...noisy].map(([block, value]) => [block + 4, value]));
    const { blocks, df } = middleMean([noisy, late]);
    expect(blocks).toBe(12);
    expect(df).toBeGreaterThanOrEqual(7);
    expect(df).toBeLessThan(12);
  });

  test('without any spread has no error, and a p that no sign test could undercut', () => {
    const constant = series(...Array.from({ length: 8 }, () => Math.log(1.2)));
    const pooled = middleMean([constant, constant]);
    expect(pooled).toMatchObject({ standardError: 0, df: 7, between: 0 });
    expect(middleP(pooled)).toBe(2 ** -7);
    expect(middleP(middleMean([series(0, 0, 0, 0, 0, 0)]))).toBe(1);
  });

  test('of constants that differ from each other has the spread of those', () => {
    const constant = (value: number) => series(...Array.from({ length: 6 }, () => value));
    const { estimate, between } = middleMean([constant(1), constant(2), constant(3)]);
    expect(estimate).toBeCloseTo(2, 14);
    expect(between).toBeCloseTo(1, 14);
  });

  test('is refused where a series is too short, missing or not a number', () => {
    expect(() => middleMean([])).toThrow(RangeError);
    expect(() => middleMean([series(1, 2)])).toThrow('2 values');
    expect(() => middleMean([series(1, 2, Number.POSITIVE_INFINITY)])).toThrow('Infinity');
  });
});
