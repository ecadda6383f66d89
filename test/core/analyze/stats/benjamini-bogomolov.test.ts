import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiBogomolov } from '../../../../src/core/analyze/claims/families.ts';

const p = fc.double({ min: 0, max: 1, noNaN: true });
const families = fc.array(fc.array(p, { maxLength: 8 }), { minLength: 1, maxLength: 8 });

describe('the adjustment of Benjamini and Bogomolov', () => {
  test('is that of Benjamini and Hochberg where there is one family, or one hypothesis in each', () => {
    expect(benjaminiBogomolov([[0.01, 0.04, 0.03]])).toEqual([[0.03, 0.04, 0.04]]);
    expect(benjaminiBogomolov([[0.01], [0.04], [0.03]])).toEqual([[0.03], [0.04], [0.04]]);
  });

  test('of a family that alone is selected pays for the number of families', () => {
    // At alpha only the first of four is selected: its members are tested at alpha/4, until at 1 all are selected.
    const [first] = benjaminiBogomolov([[0.001, 0.02], [1], [1], [1]]);
    expect(first?.[0]).toBeCloseTo(4 * 2 * 0.001, 15);
    expect(first?.[1]).toBeCloseTo(4 * 0.02, 15);
  });

  test('of a second hypothesis gains where more families are selected', () => {
    const [first] = benjaminiBogomolov([[0.001, 0.02], [0.0001], [0.0001], [1]]);
    expect(first?.[1]).toBeCloseTo((4 / 3) * 0.02, 15);
  });

  test('does not count families without hypotheses', () => {
    expect(benjaminiBogomolov([[], [0.02], []])).toEqual([[], [0.02], []]);
    expect(benjaminiBogomolov([])).toEqual([]);
  });

  test('lies between p and 1, keeps the order of p within a family, and does not depend on the order of families', () => {
    fc.assert(
      fc.property(families, (given) => {
        const adjusted = benjaminiBogomolov(given);
        adjusted.forEach((family, i) => {
          family.forEach((one, j) => {
            expect(one).toBeGreaterThanOrEqual(given[i]?.[j] ?? 1);
            expect(one).toBeLessThanOrEqual(1);
            family.forEach((other, k) => {
              if ((given[i]?.[j] ?? 0) <= (given[i]?.[k] ?? 0)) expect(one).toBeLessThanOrEqual(other);
            });
          });
        });
        expect(benjaminiBogomolov(given.toReversed())).toEqual(adjusted.toReversed());
      }),
      { seed: 1 },
    );
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses p = %d', (bad) => {
    expect(() => benjaminiBogomolov([[0.1], [bad]])).toThrow(RangeError);
  });
});
