import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holm } from '../../../../src/core/analyze/stats/holm.ts';

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(12)));

test.each([
  // R 4.5: p.adjust(p, 'holm').
  [
    [0.01, 0.04, 0.03, 0.005, 0.9],
    [0.04, 0.09, 0.09, 0.025, 0.9],
  ],
  [
    [0.01, 0.04, 0.03],
    [0.03, 0.06, 0.06],
  ],
  [
    [0.5, 0.6],
    [1, 1],
  ],
  [[0.02], [0.02]],
  [[], []],
])('adjusts %j to %j', (given, adjusted) => {
  expect(rounded(holm(given))).toEqual(adjusted);
});

test('never lowers a p value, keeps their order, and is at most Bonferroni', () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(p, { minLength: 1, maxLength: 8 }), (given) => {
      const adjusted = holm(given);
      given.forEach((a, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(a);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, a * given.length));
        given.forEach((b, j) => {
          if (a < b) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? Number.NaN);
        });
      });
    }),
    { seed: 1 },
  );
});

test.each([-0.1, 1.1, Number.NaN])('refuses %s', (p) => {
  expect(() => holm([p])).toThrow(RangeError);
});
