import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  leastNonNegative,
  leastSquares,
  type Quadratic,
  withPrior,
} from '../../../../src/features/capacity/predict/learn.ts';

const at = (values: readonly number[], i: number) => values[i] ?? Number.NaN;

function amountOf({ gram, moment }: Quadratic, beta: readonly number[]): number {
  const product = gram.map((row) => row.reduce((sum, value, j) => sum + value * at(beta, j), 0));
  return beta.reduce((sum, value, i) => sum + value * (at(product, i) - 2 * at(moment, i)), 0);
}

/** Solves gram·β = moment for the chosen variables by elimination with pivoting. */
function solve({ gram, moment }: Quadratic, chosen: readonly number[]): readonly number[] {
  const rows = chosen.map((i) => [...chosen.map((j) => at(gram[i] ?? [], j)), at(moment, i)]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(at(row, k)) > Math.abs(at(rows[best] ?? [], k)) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    const head = rows[k] ?? [];
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = at(rows[i] ?? [], k) / at(head, k);
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * at(head, j));
    }
  }
  return rows.map((row, k) => at(row, rows.length) / at(row, k));
}

/** The least value over all sets of variables that are not 0. */
function bruteForce(quadratic: Quadratic): number {
  const size = quadratic.moment.length;
  let least = 0;
  for (let set = 1; set < 2 ** size; set++) {
    const chosen = quadratic.moment.flatMap((_, i) => ((set >> i) & 1 ? [i] : []));
    const part = solve(quadratic, chosen);
    if (part.some((value) => value < 0)) continue;
    const beta = quadratic.moment.map((_, i) => (chosen.includes(i) ? at(part, chosen.indexOf(i)) : 0));
    least = Math.min(least, amountOf(quadratic, beta));
  }
  return least;
}

const amount = fc.double({ min: -3, max: 3, noNaN: true });

test('is as small as the best of all sets of variables', () => {
  const problem = fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      points: fc.array(
        fc.record({
          row: fc.array(amount, { minLength: size, maxLength: size }),
          target: amount,
          weight: fc.double({ min: 0.1, max: 2, noNaN: true }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      strength: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(problem, ({ size, points, strength }) => {
      const ones = Array.from({ length: size }, () => 1);
      const quadratic = withPrior(leastSquares(points, size), ones, strength);
      const beta = leastNonNegative(quadratic);
      expect(Math.min(...beta)).toBeGreaterThanOrEqual(0);
      expect(amountOf(quadratic, beta)).toBeLessThanOrEqual(bruteForce(quadratic) + 1e-7);
    }),
  );
});

test('a strong prior holds the variables, and without data they are at it', () => {
  const points = [{ row: [1, 0], target: 5, weight: 1 }];
  expect(leastNonNegative(withPrior(leastSquares(points, 2), [1, 1], 1e9))[0]).toBeCloseTo(1);
  expect(leastNonNegative(withPrior(leastSquares(points, 2), [1, 1], 1e-6))[0]).toBeCloseTo(5, 4);
  expect(leastNonNegative(withPrior(leastSquares(points, 2), [1, 1], 1e-6))[1]).toBeCloseTo(1);
});

test('a variable that would be negative is 0', () => {
  const points = [
    { row: [1, 1], target: 1, weight: 1 },
    { row: [1, 2], target: 0, weight: 1 },
  ];
  const [first = Number.NaN, second] = leastNonNegative(leastSquares(points, 2));
  expect(second).toBe(0);
  expect(first).toBeCloseTo(0.5);
});
