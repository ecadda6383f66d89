import { describe, expect, test } from 'vitest';
import type { Demand } from '../../../../src/features/capacity/predict/features.ts';
import { rangeOf } from '../../../../src/features/capacity/predict/range.ts';

/** By the run's own cells. Nothing is known of futex, and a form could price any of these at nothing. */
const prices = { 'call.read': 2000, 'call.open': 10_000, 'call.trap': 1000, faults: 1000 };

const demand = (changes: Partial<Demand> = {}, features: Demand['features'] = {}): Demand => ({
  features: {
    user: 7e8,
    kernel: 3e8,
    'call.read': 50_000,
    'call.open': 2000,
    'call.trap': 10_000,
    'call.futex': 4000,
    ...features,
  },
  per: 'second',
  cpuNs: 1e9,
  concurrency: 1,
  tasks: 8,
  bytesOfCall: 1000,
  ...changes,
});

const applications = [demand(), demand({ concurrency: 2, tasks: 60 }, { 'call.open': 20_000 })];
const named = (found: ReturnType<typeof rangeOf>['refusals']) =>
  found.map(({ kind, feature }) => [kind, feature]);

test('what is like the applications is in range', () => {
  const nothing = { refusals: [], beyond: [] };
  expect(rangeOf(demand(), applications, prices)).toEqual(nothing);
  expect(rangeOf(demand({}, { 'call.open': 20_000 }), applications, prices)).toEqual(nothing);
});

test.each([
  ['far too many of a class', {}, { 'call.open': 200_000 }, 'rate', 'call.open'],
  ['a class that no application has', {}, { faults: 400_000 }, 'rate', 'faults'],
  ['far too many calls of a class without a price', {}, { 'call.futex': 30_000 }, 'rate', 'call.futex'],
  ['far too many calls', {}, { 'call.read': 500_000 }, 'rate', null],
  ['more CPUs at once', { concurrency: 8 }, {}, 'concurrency', null],
  ['many more tasks', { tasks: 1000 }, {}, 'threads', null],
  ['larger reads', { bytesOfCall: 100_000 }, {}, 'size', 'bytes'],
] as const)('refuses %s, and names it', (_, changes, features, kind, feature) => {
  const { refusals } = rangeOf(demand(changes, features), applications, prices);
  expect(named(refusals)).toContainEqual([kind, feature]);
  for (const { value, most, reason } of refusals) {
    expect(value).toBeGreaterThan(most);
    expect(reason).toMatch(/\d/);
  }
});

describe('what lies beyond the applications, but where the model was checked', () => {
  test.each([
    // Apache beside 29 applications: 1.7 times as many futex calls as any of them, which no form priced.
    ['calls of a class that has no price', {}, { 'call.futex': 7000 }, 'rate', 'call.futex'],
    ['calls of a class', {}, { 'call.open': 60_000 }, 'rate', 'call.open'],
    ['CPUs', { concurrency: 2.4 }, {}, 'concurrency', null],
    ['tasks', { tasks: 200 }, {}, 'threads', null],
  ] as const)('%s are named, and predicted', (_, changes, features, kind, feature) => {
    const { refusals, beyond } = rangeOf(demand(changes, features), applications, prices);
    expect(refusals).toEqual([]);
    expect(named(beyond)).toContainEqual([kind, feature]);
  });

  test('a class that is a small part of all is never refused', () => {
    const rare = rangeOf(demand({}, { 'call.other': 8000 }), applications, prices);
    expect(rare.refusals).toEqual([]);
    expect(named(rare.beyond)).toContainEqual(['rate', 'call.other']);
    expect(rangeOf(demand({}, { 'call.other': 800, faults: 2000 }), applications, prices).beyond).toEqual([]);
  });

  test('the most that was seen is said, not a multiple of it', () => {
    const { beyond } = rangeOf(demand({ tasks: 200 }), applications, prices);
    expect(beyond[0]).toMatchObject({ value: 200, most: 60 });
    expect(beyond[0]?.reason).toContain('at most 60');
  });
});

test('what an application cannot say sets no limit', () => {
  const silent = applications.map((each) => ({ ...each, tasks: null, bytesOfCall: null }));
  const { refusals, beyond } = rangeOf(demand({ tasks: 1e6, bytesOfCall: 1e9 }), silent, prices);
  expect([...refusals, ...beyond]).toEqual([]);
});

test('names the class that is farthest out first', () => {
  const { refusals } = rangeOf(demand({ concurrency: 3 }, { 'call.open': 400_000 }), applications, prices);
  expect(refusals[0]).toMatchObject({ feature: 'call.open' });
  expect(refusals[0]?.reason).toContain('files opened and looked up');
  expect(refusals.length).toBeGreaterThan(1);
});
