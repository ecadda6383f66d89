import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { type Points, slopeOf } from '../../../../src/features/sandbox/density/slope.ts';

const counts = [32, 64, 96, 128, 160, 192, 224, 256];
const each = 18;
const shared = 40;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Share of 400 hosts whose interval holds what a sandbox really takes. */
function coverage(host: (random: () => number) => Points): number {
  const random = seededRandom('density');
  const held = Array.from({ length: 400 }, () => {
    const { low, high } = slopeOf(host(random)) ?? { low: null, high: null };
    return low !== null && high !== null && low <= each && each <= high;
  });
  return held.filter(Boolean).length / held.length;
}

test('a line without errors is found exactly, whatever all sandboxes share', () => {
  const { value, low, high } = slopeOf(counts.map((count) => [count, shared + each * count])) ?? {};
  expect(value).toBeCloseTo(each, 9);
  expect(low).toBeCloseTo(each, 6);
  expect(high).toBeCloseTo(each, 6);
});

test('the interval holds the truth where each reading has an error of its own', () => {
  expect(
    coverage((random) => counts.map((count) => [count, shared + each * count + 20 * normal(random)])),
  ).toBeGreaterThan(0.93);
});

test('and where every sandbox takes more or less, so that errors add up', () => {
  const walk = (random: () => number): Points => {
    let held = shared;
    let count = 0;
    return counts.map((until) => {
      for (; count < until; count++) held += each + 5 * normal(random);
      return [until, held] as const;
    });
  };
  expect(coverage(walk)).toBeGreaterThan(0.92);
});

test('two steps have a slope without an interval, one has none', () => {
  expect(
    slopeOf([
      [4, 10],
      [8, 18],
    ]),
  ).toEqual({ value: 2, low: null, high: null });
  expect(slopeOf([[4, 10]])).toBeNull();
});
