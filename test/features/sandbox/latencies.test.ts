import { expect, test } from 'vitest';
import { percentileOf } from '../../../src/features/sandbox/tti/latencies.ts';
import { noRoom, spareTasks } from '../../../src/features/sandbox/tti/room.ts';

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

test('percentiles of sandboxes that all answered', () => {
  expect(percentileOf([30, 10, 20], 3, 'p50')).toBe(20);
  expect(percentileOf(hundred, 100, 'p95')).toBeCloseTo(95.05);
  expect(percentileOf(hundred, 100, 'p99')).toBeCloseTo(99.01);
  expect(percentileOf(hundred, 100, 'max')).toBe(100);
});

test('a sandbox that failed took infinitely long, so that fewer successes never look faster', () => {
  const fastest = hundred.slice(0, 60);
  expect(percentileOf(fastest, 100, 'p50')).toBe(percentileOf(hundred, 100, 'p50'));
  expect(percentileOf(hundred.slice(40), 100, 'p50')).toBeGreaterThan(percentileOf(hundred, 100, 'p50'));
  for (const which of ['p95', 'p99', 'max'] as const)
    expect(percentileOf(fastest, 100, which)).toBe(Number.POSITIVE_INFINITY);
  expect(percentileOf([1, 2], 4, 'p50')).toBe(Number.POSITIVE_INFINITY);
});

test('a host without memory or ids to spare refuses with the figures, one with enough does not', () => {
  const gib = 2 ** 30;
  expect(noRoom(100, { bytes: 20 * gib, tasks: 30_000 })).toBeNull();
  expect(noRoom(100, { bytes: null, tasks: null })).toBeNull();
  expect(noRoom(100, { bytes: 8 * gib, tasks: 30_000 })?.text).toMatch(/^100 sandboxes may need 12800 MiB/);
  expect(noRoom(100, { bytes: 20 * gib, tasks: 4_000 })?.text).toContain('the kernel allows 3200 more');
  expect(noRoom(1, { bytes: 8 * gib, tasks: 4_000 })).toBeNull();
});

test('the ids that are left follow from the smaller limit; unreadable files tell nothing', () => {
  expect(spareTasks('4194304\n', '192643\n', '0.52 0.58 0.59 2/643 12345\n')).toBe(192_000);
  expect(spareTasks('32768\n', '192643\n', '0.52 0.58 0.59 2/768 12345\n')).toBe(32_000);
  expect(spareTasks('', '192643\n', '0.52 0.58 0.59 2/768 12345\n')).toBeNull();
  expect(spareTasks('32768\n', '192643\n', '')).toBeNull();
});
