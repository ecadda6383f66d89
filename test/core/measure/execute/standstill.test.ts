import { expect, test } from 'vitest';
import {
  beatMs,
  StandstillMeter,
  suspendedMs,
  waitedInQueue,
} from '../../../../src/core/measure/execute/standstill.ts';

/** Beats of a thread whose sleep takes `gaps` ms, of which it waits `queue` ms for a processor; what each beat says. */
function beats(gaps: readonly { gap: number; queue?: number }[]): number[] {
  let [now, waited] = [1e6, 500];
  const meter = new StandstillMeter(now, () => waited);
  return gaps.map(({ gap, queue = 0 }) => {
    now += gap;
    waited += queue;
    return meter.beat(now);
  });
}
const punctual = (count: number, queue = 0) =>
  Array.from({ length: count }, () => ({ gap: beatMs + queue, queue }));

test('beats on time say nothing, and a frozen process is seen at the first beat after it', () => {
  expect(beats([...punctual(100), { gap: 2_016 }, ...punctual(3)]).filter(Boolean)).toEqual([2_016 - beatMs]);
  expect(beats([{ gap: 251 }])).toEqual([251 - beatMs]);
  expect(beats([{ gap: 250 }])).toEqual([0]);
});

test('a beat that is late because the host is busy says nothing, however late', () => {
  expect(beats([{ gap: 3_000, queue: 2_950 }])).toEqual([0]);
  expect(beats(Array(50).fill({ gap: 400, queue: 350 }))).toEqual(Array(50).fill(0));
});

test('frozen on a busy host: only what was not waiting for a processor counts', () => {
  expect(beats([{ gap: 900, queue: 400 }])).toEqual([500 - beatMs]);
});

test('what many punctual beats waited hides nothing that is worth a word', () => {
  // Without a limit, half an hour of small waits would cover any pause.
  const [last] = beats([...punctual(36_000, 1.9), { gap: 350 }]).slice(-1);
  expect(last).toBeGreaterThan(0);
});

test('the kernel’s count of the time in the queue', () => {
  expect(waitedInQueue('633183 222321000 10\n')).toBe(222.321);
  expect(waitedInQueue('0 0 0\n')).toBe(0);
  for (const text of ['', 'x', '1 2', '1 2 3 4', '-1 2 3']) expect(waitedInQueue(text)).toBeNull();
});

test('a suspended host: the boot clock runs ahead of the monotonic one', () => {
  const at = (monotonic: number, suspended: number, took = 0) => ({
    beforeMs: monotonic,
    bootMs: monotonic + took + suspended,
    afterMs: monotonic + took,
  });
  expect(suspendedMs(at(1_000, 7_000), at(5_000, 7_000))).toBe(0);
  expect(suspendedMs(at(1_000, 7_000), at(5_000, 37_000))).toBe(30_000);
  expect(suspendedMs(at(1_000, 7_000), at(5_000, 7_250))).toBe(0);
});

test('who loses the processor between the two clocks was not suspended', () => {
  const boot = 9_000;
  const begin = { beforeMs: 1_000, bootMs: boot, afterMs: 3_000 };
  const end = { beforeMs: 4_000, bootMs: boot + 4_000, afterMs: 6_000 };
  expect(suspendedMs(begin, { beforeMs: 4_000, bootMs: boot + 3_000, afterMs: 4_000 })).toBe(0);
  expect(suspendedMs({ beforeMs: 1_000, bootMs: boot, afterMs: 1_000 }, end)).toBe(0);
});
