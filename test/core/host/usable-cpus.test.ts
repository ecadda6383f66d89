import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readHostCpus } from '../../../src/core/host/usable-cpus.ts';
import { put } from '../collect/cgroup/fake-hierarchy.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

const v2Mount = '25 20 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
const v1Mounts = [
  '25 20 0:22 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n',
  '26 20 0:23 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
  '27 20 0:24 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
].join('');

/** A host with these files. */
function host(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-cpus-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) put(join(root, path), text);
  return root;
}

const status = (list: string) => `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nThreads:\t1\n`;
const topology = (cpu: number, list: string) => ({
  [`sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`]: `${list}\n`,
});

test('cgroup v2: what the top cgroup has, as far as the affinity of this process reaches', async () => {
  const root = host({
    'proc/self/mountinfo': v2Mount,
    'proc/self/status': status('1-3'),
    'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
    'sys/fs/cgroup/cpuset.cpus.effective': '0-2\n',
    ...topology(0, '0,2'),
    ...topology(1, '1,3'),
    ...topology(2, '0,2'),
    'sys/devices/system/cpu/cpufreq/boost': '1\n',
  });
  const { cpus, siblings, canPin } = await readHostCpus(root);
  expect(cpus).toEqual([1, 2]);
  expect([...siblings].toSorted(([a], [b]) => a - b)).toEqual([
    [0, [0, 2]],
    [1, [1, 3]],
    [2, [0, 2]],
  ]);
  expect(canPin).toBe(true);
});

test('cgroup v2 whose top cgroup has no list: the affinity', async () => {
  const root = host({
    'proc/self/mountinfo': v2Mount,
    'proc/self/status': status('0-3'),
    'sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
  });
  expect(await readHostCpus(root)).toEqual({ cpus: [0, 1, 2, 3], siblings: new Map(), canPin: false });
});

test.each(['cpuset.effective_cpus', 'cpuset.cpus'])('cgroup v1 with %s', async (file) => {
  const root = host({
    'proc/self/mountinfo': v1Mounts,
    'proc/self/status': status('0-7'),
    [`sys/fs/cgroup/cpuset/${file}`]: '0,4-5\n',
  });
  expect(await readHostCpus(root)).toEqual({ cpus: [0, 4, 5], siblings: new Map(), canPin: true });
});

test('what cannot be read is no CPU', async () => {
  expect(await readHostCpus(host({ 'proc/self/status': 'nonsense' }))).toEqual({
    cpus: [],
    siblings: new Map(),
    canPin: false,
  });
});

test('this host has some', async () => {
  expect((await readHostCpus()).cpus.length).toBeGreaterThan(0);
});
