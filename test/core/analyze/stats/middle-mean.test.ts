import { describe, expect, test } from 'vitest';
import { type BlockSeries, middleMean, middleP } from '../../../../src/core/analyze/stats/middle-mean.ts';

const series = (...values: readonly number[]): BlockSeries =>
  new Map(values.map((value, i) => [i + 1, value]));
const noisy = series(0.3, -0.1, 0.2, 0.6, 0.1, 0.25, -0.05, 0.4);
const quiet = series(0.11, 0.1, 0.09, 0.12, 0.1, 0.08, 0.11, 0.1);

describe('the middle of several series', () => {
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

  const constantly = (value: number) => series(...Array.from({ length: 8 }, (_, i) => value + 1e-6 * i));

  test('weighs the series in the middle alike, however much they vary', () => {
    const { weights } = middleMean([quiet, noisy, constantly(0.15), constantly(-2), constantly(5)]);
    expect(weights).toEqual([1 / 3, 1 / 3, 1 / 3, 0, 0]);
  });

  test('is moved by one series no further than to the next one', () => {
    const others = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(constantly);
    const of = (value: number) => middleMean([...others, constantly(value)]).estimate;
    expect(of(-100)).toBeCloseTo(of(0.05), 6);
    expect(of(100)).toBeCloseTo(of(0.65), 6);
    expect(of(100) - of(-100)).toBeLessThan(0.11);
  });

  test('of three series is the one in the middle', () => {
    const { estimate, weights } = middleMean([constantly(0), constantly(-1.6), noisy]);
    expect(weights).toEqual([1, 0, 0]);
    expect(estimate).toBeCloseTo(0, 5);
  });

  test('says how far the series truly differ', () => {
    const shifted = (by: number) => new Map([...quiet].map(([block, value]) => [block, value + by]));
    expect(Math.sqrt(middleMean([quiet, shifted(2), shifted(-2)]).between)).toBeCloseTo(2, 2);
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
    const middle = middleMean([constant, constant]);
    expect(middle).toMatchObject({ standardError: 0, df: 7, between: 0 });
    expect(middleP(middle)).toBe(2 ** -7);
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
