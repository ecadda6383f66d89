import { describe, expect, test } from 'vitest';
import { burstCalls } from '../../../../src/features/capacity/recording/loop.ts';
import { disturbanceOf } from '../../../../src/features/capacity/recording/measure.ts';
import type { RecordedCall } from '../../../../src/features/capacity/recording/recording.ts';

/** Bursts around a time per call, ns. */
const around = (ns: number) => Array.from({ length: 15 }, (_, at) => ns + (at % 5) - 2);
const bursts = (plain: number, read: number) => ({ plain: around(plain), read: around(read) });
const call = (name: string, count: number): RecordedCall => ({
  name,
  class: 'other',
  count,
  timed: 0,
  timeNs: null,
  bytes: null,
});

describe('what tracing costs', () => {
  const phases = {
    before: bursts(300, 500),
    attached: [bursts(410, 720), bursts(390, 680)],
    after: bursts(300, 500),
  };
  const seen = { calls: [call('getpid', 1_000_000), call('read', 500_000)], cpuNs: 1e9, counted: 120_000 };

  test('is the difference between loops with the tracer and without', () => {
    const { plain, read, shareAt50k } = disturbanceOf(phases, seen);
    expect(plain.ns).toBeCloseTo(100, -1);
    expect(read.ns).toBeCloseTo(200, -1);
    expect(plain.low).toBeGreaterThan(80);
    expect(plain.high).toBeLessThan(120);
    expect(shareAt50k).toBeCloseTo(0.0075, 3);
  });

  test('is said of the target, whose CPU time it is part of', () => {
    const { cpuNs, shareOfCpu, madeCalls, countedCalls } = disturbanceOf(phases, seen);
    expect(cpuNs).toBeGreaterThan(180e6);
    expect(cpuNs).toBeLessThan(220e6);
    expect(shareOfCpu).toBeCloseTo(cpuNs / (1e9 - cpuNs), 6);
    expect([madeCalls, countedCalls]).toEqual([2 * 15 * burstCalls, 120_000]);
  });

  test('a cost that is negative by chance is shown, and takes no CPU time', () => {
    const { plain, cpuNs } = disturbanceOf({ ...phases, attached: [bursts(298, 498)] }, seen);
    expect(plain.ns).toBeLessThan(0);
    expect(cpuNs).toBe(0);
  });

  test('without the CPU time of the target there is no share of it', () => {
    expect(disturbanceOf(phases, { ...seen, cpuNs: null }).shareOfCpu).toBeNull();
    expect(disturbanceOf(phases, { ...seen, cpuNs: 1000 }).shareOfCpu).toBeNull();
  });
});
