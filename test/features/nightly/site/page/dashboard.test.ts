import { describe, expect, test } from 'vitest';
import { type MonthData, siteVersion } from '../../../../../src/features/nightly/site/data.ts';
import { hashOf, placeOf } from '../../../../../src/features/nightly/site/page/address.ts';
import { fill } from '../../../../../src/features/nightly/site/page/fill.ts';
import { keyPlace } from '../../../../../src/features/nightly/site/page/keys.ts';
import {
  monthOf,
  monthsFor,
  type NightPoint,
  pointsOf,
  stretchesOf,
} from '../../../../../src/features/nightly/site/page/points.ts';
import {
  extent,
  pathThrough,
  runsOf,
  scaleOf,
  timeTicks,
} from '../../../../../src/features/nightly/site/page/scale.ts';

test('a place comes back from its address', () => {
  for (const range of [30, 90, 365, null] as const)
    expect(placeOf(hashOf({ slug: 's-runc', range }))).toEqual({ slug: 's-runc', range });
  expect(placeOf('#s-runc,17')).toEqual({ slug: 's-runc', range: 90 });
});

test.each(['', '#alarms', '#s-', '#s-A', '#s-a<b', '#%', '#s-a,b,c'])('%j names no series', (hash) => {
  expect(placeOf(hash)).toBe(null);
});

test('words are filled with values, which are not filled themselves', () => {
  expect(fill('{a} and {b}, {c}', { a: '{b}', b: 2 })).toBe('{b} and 2, {c}');
  expect(fill('{toString}', {})).toBe('{toString}');
});

test('keys lead from night to night, and no other key does', () => {
  const led = ['ArrowLeft', 'ArrowRight', 'PageUp', 'Home', 'End', 'a', 'Tab'].map((key) =>
    keyPlace(key, 5, 30),
  );
  expect(led).toEqual([4, 6, 12, 0, 29, null, null]);
});

test('a range needs the months that it touches', () => {
  const months = ['2025-11', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12'];
  expect(monthsFor(months, '2026-11-10T02:00:00.000Z', 30)).toEqual(['2026-10', '2026-11']);
  expect(monthsFor(months, '2026-11-10T02:00:00.000Z', 90)).toEqual([
    '2026-08',
    '2026-09',
    '2026-10',
    '2026-11',
  ]);
  expect(monthsFor(months, '2026-11-10T02:00:00.000Z', null)).toEqual(months);
});

test('a scale leads to a pixel and back', () => {
  const y = scaleOf([1, 3], [200, 100]);
  expect([y(1), y(2), y(3)]).toEqual([200, 150, 100]);
  expect(y.invert(125)).toBe(2.5);
});

test.each([
  ['2026-11-01', '2026-11-09', 8, ['2026-11-01', '2026-11-02'], 9],
  ['2026-10-28', '2026-11-26', 8, ['2026-10-29', '2026-10-31', '2026-11-01'], 15],
  ['2026-09-01', '2026-11-26', 8, ['2026-09-06', '2026-09-13'], 12],
  ['2025-11-26', '2026-11-26', 8, ['2025-12-01', '2026-01-01'], 12],
  ['2025-11-26', '2026-11-26', 4, ['2026-01-01', '2026-04-01'], 4],
  ['2017-03-01', '2026-11-26', 8, ['2018-01-01', '2019-01-01'], 9],
] as const)('lines of time from %s to %s, about %i', (from, to, count, first, n) => {
  const ticks = timeTicks(new Date(from), new Date(to), count).map((at) => at.toISOString().slice(0, 10));
  expect(ticks.slice(0, first.length)).toEqual(first);
  expect(ticks.length).toBe(n);
});

test('a line has gaps where nothing is known', () => {
  const runs = runsOf([1, 2, null, null, 3], (value) => value !== null);
  expect(runs).toEqual([[1, 2], [3]]);
  expect(
    pathThrough([
      [0, 1.23456],
      [2, 3],
    ]),
  ).toBe('M0 1.23L2 3');
});

test('a month of another version is refused', () => {
  expect(() => monthOf('{"version":0}')).toThrow('version 0');
  expect(() => monthOf('<html>')).toThrow();
});

const month: MonthData = {
  version: siteVersion,
  month: '2026-11',
  runs: [
    { at: '2026-11-01T02:00:00.000Z', night: '2026-11-01', rerun: false },
    { at: '2026-11-01T02:00:00.000Z', night: '2026-11-01', rerun: true },
    { at: '2026-11-02T02:00:00.000Z', night: '2026-11-02', rerun: false },
  ],
  programs: ['runc 1.3'],
  series: {
    's-a': {
      run: [0, 1, 2],
      estimate: [1, 1.1, 1.2],
      low: [0.9, 1, null],
      high: [1.1, 1.2, null],
      pairs: [12, 60, 12],
      median: [10, 11, 12],
      disturbed: [0, 0, 50],
      program: [0, 0, 0],
      failures: [0, 0, 1],
    },
    's-pin': {
      run: [2],
      estimate: [8],
      low: [7],
      high: [9],
      pairs: [12],
      median: [8],
      disturbed: [0],
      program: [0],
      failures: [0],
    },
  },
};

describe('the nights of a series', () => {
  const points = pointsOf([month], 's-a', 's-pin');

  test('are its figures, with the rerun of each and the control of the same run', () => {
    expect(points).toMatchObject([
      { night: '2026-11-01', estimate: 1, control: null, rerun: { estimate: 1.1, pairs: 60 } },
      { night: '2026-11-02', estimate: 1.2, low: null, control: 8, disturbed: 50, failures: 1, rerun: null },
    ]);
    expect(pointsOf([month], 'constructor', null)).toEqual([]);
  });

  test('are joined where no night lacks, and no segment begins', () => {
    const at = (days: readonly number[]): readonly NightPoint[] =>
      days.flatMap((day) =>
        points[0] === undefined ? [] : [{ ...points[0], at: new Date(Date.UTC(2026, 0, day)) }],
      );
    const lengths = (days: readonly number[], breaks: readonly Date[] = []) =>
      stretchesOf(at(days), breaks).map(({ length }) => length);
    expect(lengths([1, 2, 3, 5, 6])).toEqual([3, 2]);
    expect(lengths([1, 8, 15, 22])).toEqual([4]);
    expect(lengths([1, 2, 3, 4], [new Date(Date.UTC(2026, 0, 3))])).toEqual([2, 2]);
    expect(lengths([])).toEqual([]);
  });

  test('fill the picture, whatever one interval is', () => {
    const many = Array.from({ length: 100 }, () => ({ estimate: 1, low: 0.9, high: 1.1, pairs: 12 }));
    const [low, high] = extent([...many, { estimate: 1, low: 0.001, high: 900, pairs: 2 }], [1.2]);
    expect(low).toBeGreaterThan(0.8);
    expect(high).toBeLessThan(1.3);
    expect(extent([{ estimate: 5, low: null, high: null, pairs: 3 }], [])).toEqual([4.95, 5.05]);
  });
});
