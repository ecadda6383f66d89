import { describe, expect, it } from 'vitest';
import {
  energyOfSplits,
  since,
  type WeightedValue,
} from '../../../../src/features/nightly/history/dating.ts';
import { nightName, nightsAround } from './nights.ts';

/** The definition, pair by pair. */
function energyAt(values: readonly WeightedValue[], split: number): number {
  const [left, right] = [values.slice(0, split), values.slice(split)];
  const total = (part: readonly WeightedValue[]) => part.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (a: readonly WeightedValue[], b: readonly WeightedValue[]) => {
    const pairs = a.flatMap((x) => b.filter((y) => y !== x).map((y) => [x, y] as const));
    const weight = pairs.reduce((sum, [x, y]) => sum + x.weight * y.weight, 0);
    const sum = pairs.reduce((so, [x, y]) => so + x.weight * y.weight * Math.abs(x.log - y.log), 0);
    return weight === 0 ? 0 : sum / weight;
  };
  const [w, v] = [total(left), total(right)];
  return ((w * v) / (w + v)) * (2 * mean(left, right) - mean(left, left) - mean(right, right));
}

describe('the energy of splits', () => {
  it('is what its definition says', () => {
    const values = nightsAround(9, (i) => (i < 6 ? 0 : 0.03)).map(({ log }, i) => ({
      log,
      weight: 1 + (i % 3),
    }));
    energyOfSplits(values).forEach((energy, i) => {
      expect(energy).toBeCloseTo(energyAt(values, i + 1), 10);
    });
  });
});

describe('since', () => {
  it.each([1, 2, 5, 20])('names the first night of a clear change %i nights ago', (ago) => {
    const found = since(nightsAround(60, (i) => (i < 60 - ago ? 0 : 0.1)));
    expect(found?.night).toBe(nightName(60 - ago));
    expect(found?.change).toBeCloseTo(0.1, 1);
    expect(found?.p).toBeLessThan(1e-4);
  });

  it('names a range where the night is not clear', () => {
    const found = since(nightsAround(60, (i) => (i < 50 ? 0 : 0.012)));
    expect((found?.earliest ?? '') <= nightName(50) && nightName(50) <= (found?.latest ?? '')).toBe(true);
    expect(found?.earliest).not.toBe(found?.latest);
  });

  it('believes a rerun more than a first run', () => {
    const nights = nightsAround(30, () => 0, { se: 0.03 }).map((night, i) => ({
      ...night,
      ...(i >= 25 && { confirmation: { log: 0.06, se: 0.003, df: 59 } }),
    }));
    const found = since(nights);
    expect((found?.earliest ?? '') <= nightName(25) && nightName(25) <= (found?.latest ?? '')).toBe(true);
    expect(found?.change).toBeCloseTo(0.06, 2);
  });

  it('says nothing of two nights', () => {
    expect(since(nightsAround(2, () => 0))).toBeNull();
  });
});
