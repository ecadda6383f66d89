import { expect, test } from 'vitest';
import type { Demand } from '../../../../src/features/capacity/predict/features.ts';
import { outOfRange, refusalOf } from '../../../../src/features/capacity/predict/range.ts';

const costs = { 'call.read': 2000, 'call.open': 10_000, 'call.trap': 1000, faults: 1000 };

const demand = (changes: Partial<Demand> = {}, features: Demand['features'] = {}): Demand => ({
  features: {
    user: 7e8,
    kernel: 3e8,
    'call.read': 50_000,
    'call.open': 2000,
    'call.trap': 10_000,
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

test('what is like the applications is in range', () => {
  expect(outOfRange(demand(), applications, costs)).toEqual([]);
  expect(outOfRange(demand({}, { 'call.open': 20_000 }), applications, costs)).toEqual([]);
});

test.each([
  ['too many of a class', {}, { 'call.open': 200_000 }, 'rate', 'call.open'],
  ['a class that no application has', {}, { faults: 400_000 }, 'rate', 'faults'],
  ['more CPUs at once', { concurrency: 8 }, {}, 'concurrency', null],
  ['many more tasks', { tasks: 1000 }, {}, 'threads', null],
  ['larger reads', { bytesOfCall: 100_000 }, {}, 'size', 'bytes'],
] as const)('refuses %s, and names it', (_, changes, features, kind, feature) => {
  const found = outOfRange(demand(changes, features), applications, costs);
  expect(found.map((each) => [each.kind, each.feature])).toContainEqual([kind, feature]);
  for (const excess of found) {
    expect(excess.value).toBeGreaterThan(excess.limit);
    expect(refusalOf(excess).reason).toMatch(/\d/);
  }
});

test('a class with next to no time in it cannot spoil a prediction', () => {
  expect(outOfRange(demand({}, { faults: 2000 }), applications, costs)).toEqual([]);
});

test('what an application cannot say sets no limit', () => {
  const silent = applications.map((each) => ({ ...each, tasks: null, bytesOfCall: null }));
  expect(outOfRange(demand({ tasks: 1e6, bytesOfCall: 1e9 }), silent, costs)).toEqual([]);
});

test('names the class that is farthest out first', () => {
  const found = outOfRange(demand({ concurrency: 3 }, { 'call.open': 400_000 }), applications, costs);
  expect(found[0]).toMatchObject({ feature: 'call.open' });
  expect(refusalOf(found[0] ?? { kind: 'size', feature: null, value: 0, limit: 0 }).reason).toContain(
    'files opened and looked up',
  );
});
