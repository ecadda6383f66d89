import { describe, expect, it } from 'vitest';
import { chooseArms, mostArms } from '../../../src/core/factorial/choose.ts';

const sizeOf = (...levels: readonly number[]) => {
  const chosen = chooseArms(levels);
  return chosen === null ? null : [chosen.arms.length, chosen.fraction?.resolution ?? 'full'];
};

describe('chooseArms', () => {
  it('measures all combinations up to sixteen', () => {
    expect(sizeOf(2)).toEqual([2, 'full']);
    expect(sizeOf(2, 2, 2, 2)).toEqual([16, 'full']);
    expect(sizeOf(3, 5)).toEqual([15, 'full']);
    expect(chooseArms([2, 3])?.arms).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it('takes the largest fraction of two-level factors that sixteen arms allow', () => {
    expect(sizeOf(2, 2, 2, 2, 2)).toEqual([16, 5]);
    expect(sizeOf(2, 2, 2, 2, 2, 2)).toEqual([16, 4]);
    expect(sizeOf(...new Array<number>(11).fill(2))).toEqual([16, 3]);
    expect(sizeOf(2, 4, 2, 2)).toEqual([16, 3]);
  });

  it('goes beyond sixteen where there is nothing smaller, and not beyond its limit', () => {
    expect(sizeOf(3, 3, 2)).toEqual([18, 'full']);
    expect(sizeOf(3, 3, 3)).toEqual([27, 'full']);
    expect(sizeOf(6, 3, 2)).toBeNull();
    expect(sizeOf(...new Array<number>(12).fill(2))).toBeNull();
    expect(mostArms).toBe(32);
  });

  it('crosses factors with more levels with the fraction of the others, in the order of the factors', () => {
    const chosen = chooseArms([2, 3, 2, 2, 2]);
    expect(chosen?.arms).toHaveLength(24);
    expect(chosen?.fraction).toEqual({ resolution: 4, generators: [{ factor: 4, follows: [0, 2, 3] }] });
    for (const [a = 0, , c = 0, d = 0, e] of chosen?.arms ?? []) expect(e).toBe(a ^ c ^ d);
    for (const level of [0, 1, 2]) expect(chosen?.arms.filter((arm) => arm[1] === level)).toHaveLength(8);
  });
});
