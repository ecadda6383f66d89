import { expect, test } from 'vitest';
import { clockStepNs } from '../../../src/app/host-checks.ts';

test('the step of a coarse clock is found, however often it stands still', () => {
  let calls = 0;
  expect(clockStepNs(() => BigInt(Math.floor(calls++ / 7) * 4_000_000))).toBe(4_000_000);
});

test('a stopped clock has no step', () => {
  expect(clockStepNs(() => 5n)).toBe(Number.POSITIVE_INFINITY);
});

test('this host’s clock can tell microseconds apart', () => {
  expect(clockStepNs()).toBeLessThan(1_000_000);
});
