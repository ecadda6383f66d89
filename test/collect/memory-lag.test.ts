import { expect, test } from 'vitest';
import { memoryStatLags, withoutLaggingParts } from '../../src/collect/memory-lag.ts';
import { takeSnapshot } from '../../src/collect/snapshot.ts';

const mebibyte = 2 ** 20;
const cpus = 2;
const figures = (current: number, anon: number, more: Record<string, number> = {}) => ({
  'memory.current': current * mebibyte,
  'memory.anon': anon * mebibyte,
  'memory.file': 0,
  'memory.kernel': 0.5 * mebibyte,
  ...more,
});

test('195 MiB charged with nothing in memory.stat is a lag, as it was seen', () => {
  expect(memoryStatLags(figures(195.46, 0), cpus)).toBe(true);
  expect(memoryStatLags(figures(195.46, 194.36), cpus)).toBe(false);
});

test('what every CPU holds in advance is none, and neither is an idle container', () => {
  expect(memoryStatLags(figures(3, 0.6), cpus)).toBe(false);
  expect(memoryStatLags(figures(3, 0), cpus)).toBe(true);
  expect(memoryStatLags(figures(20, 0), 64)).toBe(false);
  expect(memoryStatLags({}, cpus)).toBe(false);
});

test('lagging parts are left out, everything else stays', () => {
  const lagging = figures(195, 0, { 'cpu.usage': 7, 'memory.shmem': 0, 'memory.peak': 200 });
  expect(withoutLaggingParts(lagging, cpus)).toEqual({
    'memory.current': 195 * mebibyte,
    'cpu.usage': 7,
    'memory.peak': 200,
  });
  const whole = figures(195, 194);
  expect(withoutLaggingParts(whole, cpus)).toEqual(whole);
});

test('a snapshot waits until the parts have caught up', async () => {
  const answers = [figures(5_000, 0), figures(5_000, 0), figures(5_000, 4_999)];
  let asked = 0;
  const cgroup = { readNow: () => answers[Math.min(asked++, 2)] ?? {}, pids: () => [] };
  const { reading } = await takeSnapshot({
    trialId: 't',
    containerId: 'f'.repeat(64),
    cgroup,
    sinceStartNs: () => asked,
  });
  expect(asked).toBe(3);
  expect(reading.figures['memory.anon']).toBe(4_999 * mebibyte);
});
