import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { removeRunCgroups } from '../../../src/core/collect/cgroup/run.ts';
import { openTrialCgroup, type TrialCgroup } from '../../../src/core/collect/cgroup/trial.ts';
import { startSampler, takeSnapshot } from '../../../src/core/collect/sampler.ts';
import { external } from '../../../src/core/messages/compose.ts';
import { readingSchema } from '../../../src/core/model/trial/trial.ts';
import { fakeV2, openBelow, put, realLayouts, testRun } from './cgroup/fake-hierarchy.ts';

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
  startSampler({
    trialId: 't',
    containerIds: [containerId],
    cgroup,
    sinceStartNs: clock(),
    periodMs: 5,
    ...more,
  });

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
    // Many periods: on a loaded host most of them are skipped.
    await sleep(600);
    put(file('cgroup.procs'), '');
    await sleep(200);
    const { processes, sampling } = sampler.stop();
    child.kill('SIGKILL');
    expect(processes).toMatchObject([{ pid: child.pid, role: 'workload', inCgroup: true }]);
    expect(processes[0]?.pssBytes).toBeGreaterThan(0);
    expect(sampling.processScans).toBeGreaterThan(1);
    expect(sampling.processScanNs).toBeGreaterThan(0);
  });

  test('of a cgroup that is not there is empty', async () => {
    rmSync(join(root, 'ocibench'), { recursive: true });
    const sampler = start();
    await sleep(20);
    // How many periods are skipped depends on the load of the host.
    expect(sampler.stop()).toMatchObject({
      readings: [],
      processes: [],
      sampling: { readings: 0, failed: 0, processScans: 0 },
    });
  });

  test.each([0, 4.9, -1, Number.NaN, 60_001])('refuses a period of %d ms', (periodMs) => {
    expect(() => start({ periodMs })).toThrow(RangeError);
  });
});

describe('the harness is held up little', () => {
  const texts = { 'cpu.usage': { value: 1, source: 'test' } };
  /** A cgroup whose every reading first does `work`. */
  const cgroupThat = (work: (reading: number) => void): Pick<TrialCgroup, 'series' | 'pids'> => {
    let reading = 0;
    return {
      pids: () => [],
      series: () => ({
        open: () => ({
          read() {
            work(reading++);
            return { 'cpu.stat': { text: '' } };
          },
          close: () => undefined,
        }),
        parse: () => texts,
      }),
    };
  };
  const busy = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };

  test('a reading that takes longer than its period leaves at least half of the time to others', () => {
    // The clock is the test's own: on a busy machine a reading takes as long as others let it.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => BigInt(Math.round(now * 1e6)));
    const sampler = start({
      cgroup: cgroupThat(() => {
        now += 20;
      }),
      periodMs: 5,
      processPeriodMs: 1e9,
    });
    let turns = 0;
    while (now < 400) {
      now += 1;
      turns += 1;
      vi.advanceTimersByTime(1);
    }
    const { sampling } = sampler.stop();
    vi.restoreAllMocks();
    vi.useRealTimers();
    // The last reading may still have its rest before it.
    expect(sampling.costNs / 1e6).toBeLessThanOrEqual(400 / 2 + 20);
    expect(sampling.readings).toBeLessThanOrEqual(11);
    expect(sampling.readings).toBeGreaterThan(8);
    expect(sampling.maxCostNs).toBeGreaterThanOrEqual(20e6);
    expect(sampling.skipped).toBeGreaterThan(3 * (sampling.readings - 2));
    expect(turns).toBeGreaterThanOrEqual(180);
  });

  test('all files are read once a second, and between them those of CPU time and gauges', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const asked: (ReadonlySet<string> | undefined)[] = [];
    const open = () => ({
      read(only?: ReadonlySet<string>) {
        asked.push(only);
        return { 'cpu.stat': { text: '' } };
      },
      close: () => undefined,
    });
    const sampler = start({
      cgroup: { pids: () => [], series: () => ({ open, parse: () => texts }) },
      periodMs: 100,
    });
    await vi.advanceTimersByTimeAsync(2_050);
    vi.useRealTimers();
    expect(sampler.stop().readings).toHaveLength(21);
    const parts = asked.filter((only) => only?.has('memory.stat'));
    // With each snapshot of the processes, since the charge does not move.
    expect(parts.length).toBe(sampler.stop().sampling.processScans);
    const others = asked.filter((only) => only?.has('memory.stat') !== true);
    expect(others.flatMap((only, index) => (only === undefined ? [index] : []))).toEqual([0, 10, 20]);
    expect(others[1]).toContain('cpuacct.usage');
    for (const total of ['io.stat', 'memory.peak', 'memory.max_usage_in_bytes'])
      expect(others[1]).not.toContain(total);
  });

  test('the parts of the memory are read where the charge has moved', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    put(file('memory.stat'), 'anon 2048\nfile 2048\n');
    const sampler = start({ periodMs: 100, processPeriodMs: 1e9 });
    vi.advanceTimersByTime(200);
    put(file('memory.current'), '8192\n');
    put(file('memory.stat'), 'anon 6144\nfile 2048\n');
    vi.advanceTimersByTime(200);
    vi.useRealTimers();
    const anon = sampler.stop().readings.map(({ figures }) => figures['memory.anon']);
    // At once, with the first snapshot, unmoved, moved, unmoved again.
    expect(anon).toEqual([2048, 2048, undefined, 6144, undefined]);
  });

  test('periods that the harness was too busy for are counted, to the end', () => {
    const sampler = start({ cgroup: cgroupThat(() => undefined) });
    busy(52);
    const { sampling } = sampler.stop();
    expect(sampling).toMatchObject({ periodMs: 5, readings: 1 });
    expect(sampling.skipped).toBeGreaterThanOrEqual(10);
  });

  test('a reading that throws is counted, and the ones after it are taken', async () => {
    let calls = 0;
    const cgroup = cgroupThat((reading) => {
      calls = reading + 1;
      if (reading < 2) throw new Error(`text ${reading} makes no sense`);
    });
    const sampler = start({ cgroup });
    // Two that throw, and two readings of one or two calls each.
    await vi.waitFor(() => expect(calls).toBeGreaterThan(4), { timeout: 15_000 });
    const { readings, sampling } = sampler.stop();
    expect(readings.length).toBeGreaterThan(1);
    expect(sampling).toMatchObject({
      failed: 2,
      failure: 'text 0 makes no sense',
      readings: readings.length,
    });
  });

  test('a reading whose texts make no sense is counted and left out, and no other with it', async () => {
    let [calls, parsed] = [0, 0];
    const { open } = cgroupThat(() => calls++).series();
    const parse = () => {
      if (parsed++ === 1) throw new Error('no sense');
      return texts;
    };
    const sampler = start({ cgroup: { pids: () => [], series: () => ({ open, parse }) } });
    // Three readings of one or two calls each.
    await vi.waitFor(() => expect(calls).toBeGreaterThan(5), { timeout: 15_000 });
    const { readings, sampling } = sampler.stop();
    expect(readings.length).toBeGreaterThan(1);
    expect(parsed).toBe(readings.length + 1);
    expect(sampling).toMatchObject({ failed: 1, failure: 'no sense', readings: readings.length });
  });

  test('a process scan that throws leaves the readings alone', async () => {
    const cgroup = {
      ...cgroupThat(() => undefined),
      pids: () => {
        throw new Error('no processes');
      },
    };
    const sampler = start({ cgroup, processPeriodMs: 5 });
    await sleep(60);
    const { sampling } = sampler.stop();
    expect(sampling).toMatchObject({ failure: 'no processes', processScans: 0, processScanNs: 0 });
    expect(sampling.readings).toBeGreaterThan(1);
  });

  test('after stop, and after the cgroup is gone, neither a timer nor an open file is left', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const stopped = start();
    expect(vi.getTimerCount()).toBe(1);
    expect(openBelow(root)).toHaveLength(2);
    stopped.stop();
    expect([vi.getTimerCount(), openBelow(root)]).toEqual([0, []]);

    let isGone = false;
    const { open, parse } = cgroup.series();
    const files = open();
    const read = () => (isGone ? { 'cpu.stat': { missing: external('gone') } } : files.read());
    const vanishing = start({
      cgroup: { ...cgroup, series: () => ({ open: () => ({ read, close: () => files.close() }), parse }) },
    });
    await vi.advanceTimersByTimeAsync(11);
    isGone = true;
    await vi.advanceTimersByTimeAsync(11);
    expect([vi.getTimerCount(), openBelow(root)]).toEqual([0, []]);
    vi.useRealTimers();
    expect(vanishing.stop().sampling).toMatchObject({ readings: 3, skipped: 0, failed: 0 });
  });

  test('its timer does not keep the process alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
    const before = timers();
    const sampler = start();
    expect(timers()).toBe(before);
    sampler.stop();
  });
});

describe.each(realLayouts())('on real cgroups: %s', (kind, layout) => {
  test('a cgroup that is removed under the series ends it quietly', async () => {
    const runId = testRun(kind.length > 6 ? 'sampler-v2' : 'sampler');
    const real = openTrialCgroup({ layout, driver: 'cgroupfs', runId, trialId: 't' });
    try {
      expect(await real.prepare()).toEqual([]);
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

test('a snapshot has the figures and the processes of one instant', async () => {
  put(file('cgroup.procs'), `${process.ppid}\n`);
  const { reading, processes } = await takeSnapshot({
    trialId: 't',
    containerIds: [containerId],
    cgroup,
    sinceStartNs: () => 42,
  });
  expect(reading).toMatchObject({
    trialId: 't',
    atNs: 42,
    figures: { 'cpu.usage': 1000, 'memory.current': 4096 },
  });
  expect(processes.map((each) => each.pid)).toContain(process.ppid);
});
