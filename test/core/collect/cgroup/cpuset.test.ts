import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fillCpuset, openTrialCgroup } from '../../../../src/core/collect/cgroup/trial.ts';
import { fakeV1, fakeV2, put } from './fake-hierarchy.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** A v1 host with the controller cpuset, whose top cgroup has these CPUs. */
function withCpuset(cpus = '0-3\n') {
  const { root, layout } = fakeV1();
  roots.push(root);
  const cpuset = join(root, 'cpuset');
  put(join(cpuset, 'cpuset.cpus'), cpus);
  put(join(cpuset, 'cpuset.mems'), '0\n');
  const read = (path: string, file = 'cpuset.cpus') => readFileSync(join(cpuset, path, file), 'utf8').trim();
  const mounts = [...layout.mounts, cpuset];
  return { cpuset, read, layout: { ...layout, v1: { ...layout.v1, cpuset }, mounts } };
}

test('every cgroup down to the trial’s has the CPUs and memory nodes of the one above', () => {
  const { layout, read } = withCpuset();
  expect(fillCpuset(layout, 'ocibench/r/t')).toEqual([]);
  for (const path of ['ocibench', 'ocibench/r', 'ocibench/r/t']) {
    expect(read(path)).toBe('0-3');
    expect(read(path, 'cpuset.mems')).toBe('0');
  }
});

test('one that has some keeps them, and hands them on', () => {
  const { layout, cpuset, read } = withCpuset();
  put(join(cpuset, 'ocibench/cpuset.cpus'), '2-3\n');
  put(join(cpuset, 'ocibench/r/cpuset.cpus'), '\n');
  fillCpuset(layout, 'ocibench/r/t');
  expect(read('ocibench')).toBe('2-3');
  expect(read('ocibench/r/t')).toBe('2-3');
});

test('what cannot be written is told', () => {
  const { layout, cpuset } = withCpuset();
  put(join(cpuset, 'ocibench/cpuset.cpus/not-a-file'), '');
  const [problem] = fillCpuset(layout, 'ocibench/r');
  expect(problem).toMatch(/^cpuset\.cpus of .*ocibench could not be set: EISDIR$/);
});

test('cgroup v2, and v1 without the controller, need nothing', () => {
  for (const { root, layout } of [fakeV1(), fakeV2()]) {
    roots.push(root);
    expect(fillCpuset(layout, 'ocibench/r/t')).toEqual([]);
    expect(existsSync(join(root, 'cpuset'))).toBe(false);
    expect(existsSync(join(root, 'ocibench'))).toBe(false);
  }
});

test.each([true, false])(
  'a trial’s cgroup has them only where its containers are pinned: %s',
  async (pinned) => {
    const { layout, cpuset } = withCpuset();
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'r', trialId: 't', pinned });
    expect(await cgroup.prepare()).toEqual([]);
    expect(existsSync(join(cpuset, 'ocibench/r/t/cpuset.cpus'))).toBe(pinned);
  },
);
