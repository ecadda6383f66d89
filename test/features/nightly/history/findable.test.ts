import { expect, test } from 'vitest';
import { watchAll } from '../../../../src/features/nightly/history/detector.ts';
import { findableSteps } from '../../../../src/features/nightly/history/findable.ts';
import { nightsAround } from './nights.ts';

const stepsAt = (se: number, against: 'pin' | 'null' = 'pin', count = 60) => {
  const series = { id: 's', against, nights: nightsAround(count, () => 0, { se }) } as const;
  return findableSteps(series, watchAll(series));
};

test('more nights find smaller steps, and noise hides them', () => {
  const steps = (se: number) => stepsAt(se)?.map(({ step }) => step ?? Number.POSITIVE_INFINITY) ?? [];
  for (const se of [0.005, 0.01, 0.03]) {
    const [one = 0, three = 0, seven = 0] = steps(se);
    expect(one).toBeGreaterThanOrEqual(three);
    expect(three).toBeGreaterThanOrEqual(seven);
    expect(seven).toBeGreaterThan(1);
  }
  expect(steps(0.03)[0]).toBeGreaterThan(steps(0.01)[0] ?? 0);
});

test('a host that moves in single nights is found out by none of them alone', () => {
  const [one, three] = stepsAt(0.01, 'null') ?? [];
  expect(one?.step).toBeNull();
  expect(three?.step).toBeGreaterThan(1.01);
});

test('a night that says almost nothing finds nothing', () => {
  expect(stepsAt(0.6)?.[0]).toEqual({ nights: 1, step: null });
});

test('a level that is being learnt finds nothing yet', () => {
  expect(stepsAt(0.01, 'pin', 10)).toBeNull();
});
