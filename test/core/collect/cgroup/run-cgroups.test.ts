import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';
import { removeRunCgroups, staleRuns } from '../../../../src/core/collect/cgroup/run.ts';
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
