import { describe, expect, it } from 'vitest';
import { combineLevels } from '../../../../src/core/config/matrix.ts';
import {
  type EstimatedEffect,
  isSeparable,
  separate,
  termName,
} from '../../../../src/features/options/effects/separate.ts';

const letters = [...'ABCD'];
const armsOf = (...levels: readonly number[]) => combineLevels(levels);
const nameOf = (effect: EstimatedEffect) =>
  `${termName(effect, letters)}${effect.levels.every((level) => level === 1) ? '' : effect.levels.join('')}`;
const estimateOf = (effect: EstimatedEffect, values: readonly number[]) =>
  (effect.weights ?? []).reduce((sum, weight, arm) => sum + weight * (values[arm] ?? 0), 0);
const estimates = (arms: readonly (readonly number[])[], values: readonly number[]) =>
  Object.fromEntries(
    separate(arms)
      .filter(isSeparable)
      .map((effect) => [nameOf(effect), Number(estimateOf(effect, values).toFixed(10)) + 0]),
  );

describe('separate', () => {
  it('gives the differences of a 2×2 by hand', () => {
    // (1) = 20, a = 40, b = 30, ab = 52: Montgomery 6.2's way of counting, the interaction undivided.
    expect(estimates(armsOf(2, 2), [20, 40, 30, 52])).toEqual({ A: 21, B: 11, 'A×B': 2 });
  });

  it('gives the effects of the chemical process of Montgomery, example 6.2', () => {
    // Filtration rate, standard order: A = 21.625, C = 9.875, D = 14.625, AC = −18.125, AD = 16.625; an interaction of the
    // book is half of the difference between two differences.
    const rate = [45, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96];
    expect(estimates(armsOf(2, 2, 2, 2), rate)).toEqual({
      A: 21.625,
      B: 3.125,
      C: 9.875,
      D: 14.625,
      'A×B': 0.25,
      'A×C': -36.25,
      'A×D': 33.25,
      'B×C': 4.75,
      'B×D': -0.75,
      'C×D': -2.25,
    });
  });

  it('compares every level of a factor with its first', () => {
    // Arms (a, b): 00 = 1, 10 = 4, 20 = 8, 01 = 3, 11 = 7, 21 = 10. Means of A's levels: 2, 5.5, 9; of B's: 13/3, 20/3.
    const found = estimates(armsOf(3, 2), [1, 4, 8, 3, 7, 10]);
    expect(found).toEqual({ A: 3.5, A2: 7, B: 2.3333333333, 'A×B': 1, 'A×B21': 0 });
  });

  it('is R’s lm with sum-to-zero codes where the arms are not balanced', () => {
    // lm(y ~ A + B) on (0,0), (1,0), (0,1) has A = 40 − 20, B = 30 − 20, which hold half of the interaction each.
    const effects = separate([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(effects.map((effect) => [nameOf(effect), isSeparable(effect)])).toEqual([
      ['A', true],
      ['B', true],
      ['A×B', false],
    ]);
    expect(effects.map((effect) => effect.weights)).toEqual([[-1, 1, 0], [-1, 0, 1], null]);
    expect(effects[0]?.aliases.map((alias) => termName(alias, letters))).toEqual(['A×B']);
  });

  it('leaves out a level that no arm has', () => {
    const arms = armsOf(2, 2, 2).filter(([a]) => a === 0);
    expect(separate(arms).map(nameOf)).toEqual(['B', 'C', 'B×C']);
    expect(separate(arms).every(isSeparable)).toBe(true);
  });

  it('tells every effect of all combinations', () => {
    for (const levels of [
      [2, 2, 2, 2],
      [3, 5],
      [2, 2, 3],
    ])
      expect(
        separate(armsOf(...levels)).every(({ aliases, weights }) => aliases.length === 0 && weights !== null),
      ).toBe(true);
  });

  it('weighs no mean, so that what all arms of a block share cancels', () => {
    for (const effect of separate(armsOf(2, 3, 2, 2))) {
      const sum = (effect.weights ?? []).reduce((all, weight) => all + weight, 0);
      expect(Math.abs(sum)).toBeLessThan(1e-12);
    }
  });

  it('does not tell two factors that always change together', () => {
    const effects = separate([
      [0, 0],
      [1, 1],
    ]);
    expect(effects.map(isSeparable)).toEqual([false, false, false]);
  });
});
