import { expect, test } from 'vitest';
import { valueAt, worlds } from '../../../../src/features/capacity/plan/demand.ts';
import { interval } from '../../../../src/features/capacity/plan/host-count.ts';

const confidence = 0.95;

test('an interval comes out as it went in, wider on its wider side', () => {
  const given = { estimate: 1.5, low: 1.4, high: 2.1 };
  const drawn = worlds(1, 4000, confidence).map((draw) => draw('ratio/web/runsc', given));
  const { low, median, high } = interval(drawn, confidence);
  expect(low).toBeCloseTo(given.low, 1);
  expect(median).toBeCloseTo(given.estimate, 1);
  expect(high / given.high).toBeCloseTo(1, 1);
});

test('what may be nothing is on a linear scale', () => {
  const given = { estimate: 0.001, low: -0.001, high: 0.003 };
  expect(valueAt(given, 1)).toBe(0.003);
  expect(valueAt(given, -1)).toBe(-0.001);
  expect(valueAt(given, 0)).toBe(0.001);
});

test('a factor is as often too large as too small', () => {
  const given = { estimate: 2, low: 1, high: 4 };
  expect(valueAt(given, 1)).toBe(4);
  expect(valueAt(given, -1)).toBe(1);
  expect(valueAt(given, 2)).toBe(8);
});

test('in one world a quantity has one value, whoever asks first', () => {
  const given = { estimate: 2, low: 1, high: 4 };
  const [first, second] = [worlds(5, 3, confidence), worlds(5, 3, confidence)];
  for (const [at, draw] of first.entries()) {
    const [a, b] = [draw('a', given), draw('b', given)];
    const other = second[at];
    expect([other?.('b', given), other?.('a', given)]).toEqual([b, a]);
    expect(draw('a', given)).toBe(a);
    expect(a).not.toBe(b);
  }
});

test('an exact value is the same in every world', () => {
  for (const draw of worlds(1, 20, confidence)) {
    expect(draw('x', { estimate: 3, low: 3, high: 3 })).toBe(3);
    expect(draw('y', { estimate: 0, low: 0, high: 0 })).toBe(0);
  }
});

test('the ends of an interval are values that were drawn', () => {
  expect(interval([3, 1, 2], confidence)).toEqual({ low: 1, median: 2, high: 3 });
  expect(interval([7], confidence)).toEqual({ low: 7, median: 7, high: 7 });
});
