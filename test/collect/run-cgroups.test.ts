import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../src/collect/cgroup/layout.ts';
import { killProcesses, removeRunCgroups, staleRuns } from '../../src/collect/cgroup/run.ts';
import { fakeV1, put } from './fake-hierarchy.ts';

let root: string;
let layout: CgroupLayout;
beforeEach(() => {
  ({ root, layout } = fakeV1());
});
afterEach(() => rmSync(root, { recursive: true }));

describe('runs that have cgroups', () => {
  test('are found in whichever hierarchy they left something, under either driver', () => {
    mkdirSync(join(root, 'memory/ocibench/run-b/trial'), { recursive: true });
    mkdirSync(join(root, 'systemd/ocibench/run-a'), { recursive: true });
    mkdirSync(join(root, 'pids/ocibench.slice/ocibench-run_c.slice/ocibench-run_c-t.slice'), {
      recursive: true,
    });
    mkdirSync(join(root, 'pids/docker/run-d'), { recursive: true });
    expect(staleRuns(layout)).toEqual(['run-a', 'run-b', 'run_c']);
  });

  test('none on a clean host', () => {
    expect(staleRuns(layout)).toEqual([]);
  });
});

describe('removal', () => {
  test('takes one run from all hierarchies and leaves others alone', async () => {
    for (const mount of layout.mounts) mkdirSync(join(mount, 'ocibench/run-a/t/child'), { recursive: true });
    mkdirSync(join(root, 'memory/ocibench/run-b/t'), { recursive: true });
    mkdirSync(join(root, 'memory/docker'), { recursive: true });
    expect(await removeRunCgroups(layout, 'run-a')).toEqual([]);
    expect(staleRuns(layout)).toEqual(['run-b']);
    expect(await removeRunCgroups(layout, 'run-b')).toEqual([]);
    expect(layout.mounts.filter((mount) => existsSync(join(mount, 'ocibench')))).toEqual([]);
    expect(existsSync(join(root, 'memory/docker'))).toBe(true);
  });

  test('says what is left over', async () => {
    put(join(root, 'memory/ocibench/run-a/t/busy'), '');
    const left = await removeRunCgroups(layout, 'run-a');
    expect(left.join('\n')).toMatch(/rmdir .*run-a\/t: ENOTEMPTY/);
  });

  test('refuses a run id that leads elsewhere', async () => {
    await expect(removeRunCgroups(layout, '../docker')).rejects.toThrow(RangeError);
  });
});

describe('processes of a run that has ended', () => {
  test('are killed in whichever hierarchy they are; those of others are not', async () => {
    const [pod, shim, other] = ['pod', 'shim', 'other'].map(() => spawn('sleep', ['100']));
    if (pod === undefined || shim === undefined || other === undefined) throw new Error('no process');
    put(join(root, 'memory/ocibench/run-a/t/ct/id/cgroup.procs'), `${pod.pid}\n`);
    put(join(root, 'memory/ocibench/run-a/t/ct/id/tasks'), `${pod.pid}\n`);
    put(join(root, 'pids/ocibench/run-a/t/rt/cgroup.procs'), `${shim.pid}\n`);
    put(join(root, 'memory/ocibench/run-b/t/ct/id/cgroup.procs'), `${other.pid}\n`);
    const ended = [once(pod, 'exit'), once(shim, 'exit')];
    // The files of a fake hierarchy do not follow.
    await killProcesses(layout, 'run-a', 50);
    expect((await Promise.all(ended)).map(([, signal]) => signal)).toEqual(['SIGKILL', 'SIGKILL']);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill('SIGKILL');
    await expect(killProcesses(layout, '../docker', 50)).rejects.toThrow(RangeError);
  });
});
