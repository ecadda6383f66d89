import { expect, test } from 'vitest';
import { memoryStatLags, withoutLaggingParts } from '../../../../src/core/collect/cgroup/memory-lag.ts';
import { takeSnapshot } from '../../../../src/core/collect/sampler.ts';

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

/** Takes a snapshot of a cgroup that answers with these figures, the last of them again and again. */
async function snapshot(...answers: readonly Record<string, number>[]) {
  let asked = 0;
  const cgroup = { readNow: () => answers[Math.min(asked++, answers.length - 1)] ?? {}, pids: () => [] };
  const place = { trialId: 't', containerIds: ['f'.repeat(64)], cgroup, sinceStartNs: () => 0 };
  const { reading } = await takeSnapshot(place);
  return { asked, figures: reading.figures };
}

test('a snapshot waits until the parts have caught up', async () => {
  const late = figures(5_000, 0);
  const caughtUp = figures(5_000, 4_999);
  expect(await snapshot(late, late, caughtUp)).toEqual({ asked: 3, figures: caughtUp });
});

// Both wait as long as a real lag may take.
test.concurrent('a gap that stays is real, as in a gVisor sentry that gave back parts of huge pages', async ({
  expect,
}) => {
  const sentry = figures(5_000, 3_500);
  const { asked, figures: seen } = await snapshot(sentry);
  expect(asked).toBeGreaterThan(5);
  expect(seen).toEqual(sentry);
});

test.concurrent('a charge of which hardly anything is in a part is not believed, however long that lasts', async ({
  expect,
}) => {
  const { figures: seen } = await snapshot(figures(5_000, 0));
  expect(seen).toEqual({ 'memory.current': 5_000 * mebibyte });
});
