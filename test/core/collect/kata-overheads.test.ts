import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../../src/core/collect/cgroup/layout.ts';
import {
  kataContainersOf,
  kataOverheadsFile,
  openKataOverheads,
  runsWithKataOverheads,
} from '../../../src/core/collect/kata-overheads.ts';
import { hostObserver } from '../../../src/core/measure/execute/host-observer.ts';
import type { TrialObserver } from '../../../src/core/measure/execute/observer.ts';
import { fakeV1, put } from './cgroup/fake-hierarchy.ts';

const ours = 'a1'.repeat(32);
const others = 'b2'.repeat(32);
let root: string;
let layout: CgroupLayout;
let cache: string;
beforeEach(() => {
  ({ root, layout } = fakeV1());
  cache = mkdtempSync(join(tmpdir(), 'ocibench-cache-'));
});
afterEach(() => {
  for (const each of [root, cache]) rmSync(each, { recursive: true });
});

function makeOverheads(...ids: readonly string[]): void {
  for (const mount of layout.mounts)
    for (const id of ids) mkdirSync(join(mount, 'kata_overhead', id), { recursive: true });
}

/** In how many hierarchies a container has one. */
const count = (id: string) =>
  layout.mounts.filter((mount) => existsSync(join(mount, 'kata_overhead', id))).length;

describe('Kata’s cgroups of a container', () => {
  const file = () => kataOverheadsFile(cache, 'run-1');

  test('are removed from all hierarchies, those of others never', async () => {
    makeOverheads(ours, others);
    expect(await openKataOverheads(layout, file()).remove([ours])).toEqual({ removed: [ours], left: [] });
    expect([count(ours), count(others)]).toEqual([0, layout.mounts.length]);
    expect(runsWithKataOverheads(cache)).toEqual([]);
  });

  test('that are busy are written down, and removed at the next call or by another process', async () => {
    makeOverheads(ours, others);
    // A plain directory with a file in it is as busy as a cgroup with a process.
    const busy = join(root, 'memory/kata_overhead', ours, 'process');
    put(busy, '');
    expect(await openKataOverheads(layout, file()).remove([ours])).toEqual({ removed: [], left: [ours] });
    expect(readFileSync(file(), 'utf8')).toBe(`${ours}\n`);
    expect(runsWithKataOverheads(cache)).toEqual(['run-1']);
    rmSync(busy);
    expect(await openKataOverheads(layout, file()).remove([])).toEqual({ removed: [ours], left: [] });
    expect([count(ours), count(others), runsWithKataOverheads(cache)]).toEqual([0, layout.mounts.length, []]);
  });

  test('are known from the moment of creation on, whatever ends the process', async () => {
    const run = openKataOverheads(layout, file());
    run.created(ours);
    expect(readFileSync(file(), 'utf8')).toBe(`${ours}\n`);
    makeOverheads(ours, others);
    // The process is killed here. Another one finds the list.
    expect(await openKataOverheads(layout, file()).remove([])).toEqual({ removed: [ours], left: [] });
    expect([count(ours), count(others), runsWithKataOverheads(cache)]).toEqual([0, layout.mounts.length, []]);
  });

  test('of a container that runs stay written down while others are removed, until the end of the run', async () => {
    const run = openKataOverheads(layout, file());
    // It has no cgroup yet.
    run.created(ours);
    run.created(others);
    makeOverheads(others);
    expect(await run.remove([others])).toEqual({ removed: [others], left: [] });
    expect(readFileSync(file(), 'utf8')).toBe(`${ours}\n`);
    makeOverheads(ours);
    expect(await run.remove([])).toEqual({ removed: [], left: [] });
    expect(count(ours)).toBe(layout.mounts.length);
    put(kataOverheadsFile(cache, 'run-2'), `${others}\n`);
    expect(await run.remove('all')).toEqual({ removed: [ours], left: [] });
    expect([count(ours), runsWithKataOverheads(cache)]).toEqual([0, ['run-2']]);
    // The last list takes the directory with it.
    await openKataOverheads(layout, kataOverheadsFile(cache, 'run-2')).remove([]);
    expect(readdirSync(cache)).toEqual([]);
  });

  test('what is no id is not written down', () => {
    const run = openKataOverheads(layout, file());
    for (const other of ['', '..', 'peer', ours.toUpperCase(), `${ours}/..`]) run.created(other);
    expect(runsWithKataOverheads(cache)).toEqual([]);
  });

  test('a list that holds something else leads nowhere', async () => {
    makeOverheads(others);
    mkdirSync(join(root, 'memory/precious'));
    put(file(), `../precious\n${others.slice(1)}\n\u0000\n`);
    expect(await openKataOverheads(layout, file()).remove(['..', '../precious', ''])).toEqual({
      removed: [],
      left: [],
    });
    expect([count(others), existsSync(join(root, 'memory/precious'))]).toEqual([layout.mounts.length, true]);
  });

  test('that cannot be written down fail nothing', async () => {
    makeOverheads(ours);
    put(join(root, 'memory/kata_overhead', ours, 'process'), '');
    writeFileSync(join(cache, 'kata-overheads'), 'a file where a directory should be');
    expect(await openKataOverheads(layout, file()).remove([ours])).toEqual({ removed: [], left: [ours] });
  });

  test('are known by the sandbox’s own cgroup below a run that was cut off', () => {
    mkdirSync(join(root, 'memory/ocibench/run-1/trial-1', `kata_${ours}`), { recursive: true });
    mkdirSync(join(root, 'pids/ocibench/run-1/trial-1', `kata_${ours}`), { recursive: true });
    mkdirSync(join(root, 'pids/ocibench/run-1/trial-2', others), { recursive: true });
    mkdirSync(join(root, 'pids/ocibench/run-2/trial-1', `kata_${others}`), { recursive: true });
    expect(kataContainersOf(layout, 'run-1')).toEqual([ours]);
  });
});

test('a trial removes those of its own containers, once they are gone', async () => {
  makeOverheads(ours, others);
  const observer = hostObserver(
    {
      layout,
      driver: 'cgroupfs' as const,
      runId: 'run-1',
      engineCgroups: { absent: 'a test' },
      overheads: openKataOverheads(layout, kataOverheadsFile(cache, 'run-1')),
    },
    { trialId: 't', observe: { kind: 'nothing' } },
  );
  await observer.prepare();
  observer.created({ id: ours } as Parameters<TrialObserver['created']>[0]);
  expect(count(ours)).toBe(layout.mounts.length);
  await observer.stopped();
  await observer.finish({ succeeded: true, otherCpuNs: 0 });
  expect([count(ours), count(others)]).toEqual([0, layout.mounts.length]);
});
