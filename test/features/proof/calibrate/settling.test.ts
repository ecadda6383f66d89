import { describe, expect, test } from 'vitest';
import {
  type Allowance,
  pairsToSettle,
  settledBy,
} from '../../../../src/features/proof/calibrate/allowance.ts';

/** Errors in units of the tolerance. */
const equal: Allowance = { relation: 'equal', limit: 1, precise: 0.5 };
const atLeast: Allowance = { relation: 'at-least', limit: 1, precise: 0.5 };
/** `n` errors around `centre`, the first ones as far as the later ones. */
const errors = (n: number, centre: number, spread: number) =>
  Array.from({ length: n }, (_, i) => centre + spread * ([0, 1, -1, 0.5, -0.5][i % 5] ?? 0));

describe('a check is settled', () => {
  test('by no fewer pairs than an interval needs', () => {
    expect(settledBy([], equal)).toBeNull();
    expect(settledBy(errors(5, 0, 0.01), equal)).toBeNull();
    expect(settledBy(errors(6, 0, 0.01), equal)).toBe('clear');
  });

  test.each([
    ['well inside', 0, 0.5, 'clear'],
    ['well outside', 3, 0.5, 'clear'],
    ['well outside on the other side', -3, 0.5, 'clear'],
    ['inside by its interval, and not by half of it more', 0.6, 0.7, null],
    ['at the limit with a narrow interval', 1, 0.3, 'precise'],
    ['at the limit with a wide one', 1, 2, null],
  ])('%s: %d ± %d', (_, centre, spread, settled) => {
    expect(settledBy(errors(8, centre, spread), equal)).toBe(settled);
  });

  test('where more is allowed, however much more it is', () => {
    expect(settledBy(errors(8, 40, 5), atLeast)).toBe('clear');
    expect(settledBy(errors(8, -40, 5), atLeast)).toBe('clear');
    expect(settledBy(errors(8, -1, 5), atLeast)).toBeNull();
  });

  test('exactly right where no error is allowed', () => {
    const exact: Allowance = { relation: 'equal', limit: 0, precise: 0 };
    expect(settledBy(errors(6, 0, 0), exact)).toBe('clear');
    expect(settledBy(errors(6, 1, 0), exact)).toBe('clear');
    expect(settledBy(errors(6, 0, 1), exact)).toBeNull();
    expect(pairsToSettle(errors(6, 0, 1), exact)).toBeNull();
  });
});

test('what is missing falls with the scatter, and with the distance from the limit', () => {
  const missing = (centre: number, spread: number) => pairsToSettle(errors(10, centre, spread), equal) ?? 0;
  expect(missing(0, 2)).toBeGreaterThan(10);
  expect(missing(0, 4)).toBeGreaterThan(3 * missing(0, 2));
  expect(missing(0.8, 2)).toBeGreaterThan(missing(0, 2));
  expect(missing(0, 0.1)).toBe(11);
});
