import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../../src/core/collect/cgroup/layout.ts';
import { otherLoadBetween, readOtherLoad } from '../../../src/core/collect/other-load.ts';
import { fakeV2, put } from './cgroup/fake-hierarchy.ts';

const tick = 1e7;
const harness = 7;
const daemons = [20, 21];
let proc: string;
let root: string;
let layout: CgroupLayout;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'ocibench-load-'));
  ({ root, layout } = fakeV2());
  process(harness, 1, '/user.slice', 5);
  process(8, harness, '/user.slice', 5);
  for (const pid of daemons) process(pid, 1, '/', 5);
});
afterEach(() => {
  for (const path of [proc, root]) rmSync(path, { recursive: true });
});

function process(pid: number, ppid: number, cgroup: string, ticks: number, started = pid): void {
  put(
    join(proc, `${pid}/stat`),
    `${pid} (x) S ${ppid} 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${started} 0 0\n`,
  );
  put(join(proc, `${pid}/cgroup`), `0::${cgroup}\n`);
}
const cgroup = (name: string, usec: number) => put(join(root, name, 'cpu.stat'), `usage_usec ${usec}\n`);
const look = () => readOtherLoad(layout, daemons, proc, harness);

/** CPU time of others while `change` happens, ns. */
function during(change: () => void): number {
  const before = look();
  change();
  return otherLoadBetween(before, look());
}

describe('load of others beside an engine in the root cgroup', () => {
  test('is what foreign containers and services use, in cgroups of their own', () => {
    cgroup('docker', 1_000);
    cgroup('system.slice', 1_000);
    expect(
      during(() => {
        cgroup('docker', 4_000);
        cgroup('system.slice', 1_500);
        cgroup('new.slice', 250);
      }),
    ).toBe(3_750_000);
  });

  test('is what processes beside the engine and beside this harness use, new ones included', () => {
    process(30, 1, '/', 10);
    process(31, 1, '/user.slice', 10);
    expect(
      during(() => {
        process(30, 1, '/', 14);
        process(31, 1, '/user.slice', 12);
        process(32, 1, '/', 1);
      }),
    ).toBe(7 * tick);
  });

  test('counts a process in a cgroup of its own once, with that cgroup', () => {
    cgroup('docker', 1_000);
    process(33, 1, '/docker/abc', 10);
    expect(
      during(() => {
        cgroup('docker', 2_000);
        process(33, 1, '/docker/abc', 99);
      }),
    ).toBe(1e6);
  });

  test('is not what harness, engine, trials and Kata’s overhead use', () => {
    for (const name of ['ocibench', 'ocibench.slice', 'kata_overhead', 'kata.slice', 'user.slice'])
      cgroup(name, 1_000);
    expect(
      during(() => {
        for (const name of ['ocibench', 'ocibench.slice', 'kata_overhead', 'kata.slice', 'user.slice'])
          cgroup(name, 9_000);
        for (const [pid, parent, where] of [
          [harness, 1, '/user.slice'],
          [8, harness, '/user.slice'],
          [20, 1, '/'],
          [21, 1, '/'],
          [40, 1, '/ocibench/run/trial'],
        ] as const)
          process(pid, parent, where, 99);
      }),
    ).toBe(0);
  });

  test('another process with the same id began at zero', () => {
    process(30, 1, '/', 10, 100);
    expect(during(() => process(30, 1, '/', 3, 200))).toBe(3 * tick);
  });
});
