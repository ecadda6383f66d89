import { expect, test } from 'vitest';
import { leftOf } from '../../../src/features/sandbox/density/host-room.ts';
import { percentileOf } from '../../../src/features/sandbox/tti/latencies.ts';
import { noRoom, roomHere } from '../../../src/features/sandbox/tti/room.ts';

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

test('a host without memory, ids or files to spare refuses with the figures, one with enough does not', () => {
  const gib = 2 ** 30;
  const host = { bytes: 20 * gib, tasks: 30_000, files: 100_000 };
  expect(noRoom(100, host)).toBeNull();
  expect(noRoom(100, { ...host, bytes: 8 * gib })?.text).toMatch(
    /^100 sandboxes may need 12800 MiB, and the host has 8192 MiB/,
  );
  expect(noRoom(100, { ...host, bytes: -gib })?.text).toContain('the host has 0 MiB');
  expect(noRoom(100, { ...host, tasks: 3_200 })?.text).toContain(
    '12800 processes and threads, and 3200 more',
  );
  expect(noRoom(100, { ...host, files: 5_000 })?.text).toContain(
    '25600 open files, and the kernel allows 5000',
  );
  expect(noRoom(25, { ...host, tasks: 3_200 })).toBeNull();
});

test('a tenth of a limit stays free; a limit that is unknown refuses nothing', () => {
  expect(leftOf([{ used: 600, limit: 32_000 }])).toBe(28_200);
  expect(leftOf([{ used: 31_000, limit: 32_000 }])).toBe(0);
  expect(leftOf([{ used: 600, limit: 32_000 }, null, { used: 10, limit: 100 }])).toBe(80);
  expect(leftOf([null])).toBe(Number.POSITIVE_INFINITY);
});

test('the memory of this host is what it has above its reserve', () => {
  const source = 'test';
  expect(roomHere({ value: 2 ** 20, source }).bytes).toBeLessThan(0);
  expect(noRoom(1, roomHere({ value: 2 ** 20, source }))?.text).toContain('the host has 0 MiB');
});
