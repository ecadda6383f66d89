import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { removeRunCgroups } from '../../src/collect/run-cgroups.ts';
import { startSampler } from '../../src/collect/sampler.ts';
import { takeSnapshot } from '../../src/collect/snapshot.ts';
import { openTrialCgroup, type TrialCgroup } from '../../src/collect/trial-cgroup.ts';
import { readingSchema } from '../../src/model/trial.ts';
import { fakeV2, put, realLayouts, testRun } from './fake-hierarchy.ts';

const containerId = 'e'.repeat(64);
let root: string;
let cgroup: TrialCgroup;
const file = (name: string) => join(root, cgroup.path, name);
beforeEach(() => {
  const fake = fakeV2();
  root = fake.root;
  cgroup = openTrialCgroup({ layout: fake.layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
  put(file('cpu.stat'), 'usage_usec 1\n');
  put(file('memory.current'), '4096\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function clock(): () => number {
  const origin = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - origin);
}
const start = (more: object = {}) =>
  startSampler({ trialId: 't', containerId, cgroup, sinceStartNs: clock(), periodMs: 5, ...more });

describe('a time series', () => {
  test('rereads the files from their beginning and knows its own cost', async () => {
    const sampler = start();
    put(file('cpu.stat'), 'usage_usec 22\n');
    put(file('memory.current'), '8\n');
    await sleep(60);
    const { readings } = sampler.stop();
    expect(readings[0]?.figures).toEqual({ 'cpu.usage': 1000, 'memory.current': 4096 });
    expect(readings.at(-1)?.figures).toEqual({ 'cpu.usage': 22_000, 'memory.current': 8 });
    for (const reading of readings) {
      expect(readingSchema.parse(reading).trialId).toBe('t');
      expect(reading.costNs).toBeGreaterThan(0);
    }
    const times = readings.map((reading) => reading.atNs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('ends with stop, which can be called again', async () => {
    const sampler = start();
    const first = sampler.stop();
    const count = first.readings.length;
    expect(count).toBeGreaterThan(0);
    await sleep(30);
    expect(sampler.stop().readings).toHaveLength(count);
  });

  test('does not try to catch up on readings it was kept from', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const sampler = start({ periodMs: 100 });
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    // One at once, then one a period.
    expect(sampler.stop().readings).toHaveLength(11);
  });

  test('keeps the process snapshot with the highest total PSS', async () => {
    const child = spawn('sleep', ['100']);
    put(file('cgroup.procs'), `${child.pid}\n`);
    const sampler = start({ processPeriodMs: 5 });
    await sleep(60);
    put(file('cgroup.procs'), '');
    await sleep(60);
    const { processes, processScans, processScanNs } = sampler.stop();
    child.kill('SIGKILL');
    expect(processes).toMatchObject([{ pid: child.pid, role: 'workload', inCgroup: true }]);
    expect(processes[0]?.pssBytes).toBeGreaterThan(0);
    expect(processScans).toBeGreaterThan(1);
    expect(processScanNs).toBeGreaterThan(0);
  });

  test('of a cgroup that is not there is empty', async () => {
    rmSync(join(root, 'ocibench'), { recursive: true });
    const sampler = start();
    await sleep(20);
    expect(sampler.stop()).toMatchObject({ readings: [], processes: [], processScans: 0 });
  });

  test.each([0, 4.9, -1, Number.NaN, 60_001])('refuses a period of %d ms', (periodMs) => {
    expect(() => start({ periodMs })).toThrow(RangeError);
  });
});

describe.each(realLayouts())('on real cgroups: %s', (kind, layout) => {
  test('a cgroup that is removed under the series ends it quietly', async () => {
    const runId = testRun(kind.length > 6 ? 'sampler-v2' : 'sampler');
    const real = openTrialCgroup({ layout, driver: 'cgroupfs', runId, trialId: 't' });
    try {
      expect(real.prepare()).toEqual([]);
      const sampler = start({ cgroup: real });
      await sleep(30);
      expect(await real.remove()).toEqual([]);
      await sleep(30);
      const { readings } = sampler.stop();
      expect(readings.length).toBeGreaterThan(1);
      expect(readings[0]?.figures['cpu.usage']).toBe(0);
    } finally {
      await removeRunCgroups(layout, runId);
    }
  });
});

test('a snapshot has the figures and the processes of one instant', () => {
  put(file('cgroup.procs'), `${process.ppid}\n`);
  const { reading, processes } = takeSnapshot({ trialId: 't', containerId, cgroup, sinceStartNs: () => 42 });
  expect(reading).toMatchObject({
    trialId: 't',
    atNs: 42,
    figures: { 'cpu.usage': 1000, 'memory.current': 4096 },
  });
  expect(processes.map((each) => each.pid)).toContain(process.ppid);
});
