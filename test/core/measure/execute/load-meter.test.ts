import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { HostSnapshot } from '../../../../src/core/collect/noise.ts';
import { loadMeter } from '../../../../src/core/measure/execute/load-meter.ts';
import { fakeV2, put } from '../../collect/cgroup/fake-hierarchy.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

const quiet: HostSnapshot = {
  atNs: 0,
  cpus: 2,
  busyNs: 0,
  stealNs: 0,
  loadAverage1: 0,
  swapInPages: 0,
  frequencyKHz: null,
  cpuPressureNs: 0,
  ioPressureNs: 0,
  memoryPressureNs: 0,
  thermalEvents: null,
};

/**
 * What one of two trials finds after a second on two CPUs in which each trial used 0.4 s, the engine 0.4 s, and others as much
 * as is left of `busyNs`.
 */
function measured(
  busyNs: number,
  {
    atOnce = true,
    engine = 'ocibench/r/engine',
    ownEngine = null as Parameters<typeof loadMeter>[1]['ownEngine'],
  } = {},
) {
  const { root, layout } = fakeV2();
  roots.push(root);
  const use = (cgroup: string, us: number) => put(join(root, cgroup, 'cpu.stat'), `usage_usec ${us}\n`);
  const snapshots = [quiet, { ...quiet, atNs: 1e9, busyNs, cpuPressureNs: 9e8 }];
  const meter = loadMeter(
    { layout, driver: 'cgroupfs', runId: 'r', engineCgroups: { paths: [engine] } },
    { ownEngine, atOnce, snapshot: () => snapshots.shift() ?? quiet },
  );
  const cgroups = { 'ocibench/r': 0.8, 'ocibench/r/t': 0.4, 'ocibench/r/t/runtime': 0.1, [engine]: 0.4 };
  if (engine.startsWith('ocibench/r/')) cgroups['ocibench/r'] = 1.2;
  for (const cgroup of Object.keys(cgroups)) use(cgroup, 0);
  meter.begin();
  for (const [cgroup, seconds] of Object.entries(cgroups)) use(cgroup, seconds * 1e6);
  const figures = {
    'cpu.usage': { value: 4e8, source: 'cpu.stat' },
    'pressure.cpu.some': { value: 1e8, source: '' },
  };
  return meter.end({ source: 'v2', path: 'ocibench/r/t', figures }, 0);
}

test.each(['ocibench/r/engine', 'docker'])(
  'the other trial is no load of others, with the engine in %s',
  (engine) => {
    expect(measured(1.25e9, { engine }).noise?.flags).toEqual([]);
    expect(measured(1.6e9, { engine }).noise?.flags).toEqual(['other-load>10%']);
    // Alone, the same CPU time of a second trial would be somebody else's.
    expect(measured(1.25e9, { engine, atOnce: false }).noise?.flags).toContain('other-load>10%');
  },
);

test('of an engine that works for two trials, neither has a part', () => {
  expect(measured(1e9).engineCpu).toMatchObject({
    absent: 'the engine worked for two trials at once (duet)',
  });
  expect(measured(1e9, { atOnce: false }).engineCpu).toMatchObject({ value: 4e8 });
});

test('a runtime that the harness starts itself is each trial’s own', () => {
  const { engineCpu, noise } = measured(1.25e9, {
    ownEngine: { runtime: 'ocibench/r/t/runtime', daemon: null },
  });
  expect(engineCpu).toMatchObject({ value: 1e8 });
  expect(noise?.flags).toEqual([]);
});

test('a daemon that works for the runtime counts with it, and for two trials at once neither has a part', () => {
  const ownEngine = { runtime: 'ocibench/r/t/runtime', daemon: 'ocibench/r/engine' };
  expect(measured(1e9, { ownEngine, atOnce: false }).engineCpu).toMatchObject({
    value: 5e8,
    cgroups: ['/ocibench/r/t/runtime', '/ocibench/r/engine'],
  });
  expect(measured(1e9, { ownEngine }).engineCpu).toMatchObject({
    absent: 'the engine worked for two trials at once (duet)',
  });
});

test('stall time of two trials is recorded and raises no flag, since both may stall at once', () => {
  expect(measured(1e9).noise).toMatchObject({ cpuPressureNs: 9e8, flags: [] });
  expect(measured(8e8, { atOnce: false }).noise?.flags).toEqual(['cpu-pressure>25%']);
});
