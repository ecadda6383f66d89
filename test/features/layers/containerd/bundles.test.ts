import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  bundleDirectories,
  mountPointsBelow,
  removeBundles,
  removeDirectories,
} from '../../../../src/features/layers/containerd/bundles.ts';

const runId = '20260101-000000-abcd';
const id = '5'.repeat(64);
let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'ocibench-bundles-'));
});
afterEach(() => rm(state, { recursive: true }));

test('only empty directories of the run’s own name are removed', async () => {
  const [own, full, other] = ['a', 'b', 'c'].map((name) => join(state, name));
  const directories = [
    join(own ?? '', `ocibench-${runId}`),
    join(full ?? '', `ocibench-${runId}`),
    join(other ?? '', 'k8s.io'),
  ];
  for (const path of directories) await mkdir(path, { recursive: true });
  await writeFile(join(directories[1] ?? '', 'container'), '');
  await removeDirectories({ runId, directories });
  expect(await readdir(own ?? '')).toEqual([]);
  expect(await readdir(full ?? '')).toEqual([`ocibench-${runId}`]);
  expect(await readdir(other ?? '')).toEqual(['k8s.io']);
});

test('what containerd has forgotten of a namespace is removed: bundles, and nothing of another name', async () => {
  const own = join(state, 'task', `ocibench-${runId}`);
  const other = join(state, 'task/k8s.io');
  for (const path of [join(own, id, 'rootfs'), join(other, id)]) await mkdir(path, { recursive: true });
  await writeFile(join(own, id, 'config.json'), '{}');
  await removeBundles({ runId, directories: [own, other] });
  expect(await readdir(join(state, 'task'))).toEqual(['k8s.io']);
  expect(await readdir(other)).toEqual([id]);
});

test('nothing is removed behind a link, by another name than a container’s, or where others could exchange it', async () => {
  const name = `ocibench-${runId}`;
  await mkdir(join(state, 'real', id), { recursive: true });
  await mkdir(join(state, 'linked'));
  await symlink(join(state, 'real'), join(state, 'linked', name));
  await mkdir(join(state, 'named', name, 'notes'), { recursive: true });
  await mkdir(join(state, 'open', name, id), { recursive: true });
  await chmod(join(state, 'open'), 0o777);
  await removeBundles({ runId, directories: ['linked', 'named', 'open'].map((at) => join(state, at, name)) });
  expect(await readdir(join(state, 'real'))).toEqual([id]);
  expect(await readdir(join(state, 'named', name))).toEqual(['notes']);
  expect(await readdir(join(state, 'open', name))).toEqual([id]);
});

test('what is mounted in a bundle is unmounted from the inside out', () => {
  const line = (point: string) => `64 27 0:47 / ${point} rw,relatime - overlay overlay rw`;
  const mountinfo = ['/run/x/b', '/run/x/b/rootfs', '/run/x/b/rootfs/proc', '/run/x/b2', '/']
    .map(line)
    .join('\n');
  expect(mountPointsBelow('/run/x/b', mountinfo)).toEqual(['/run/x/b/rootfs/proc', '/run/x/b/rootfs']);
});

test('bundles are where a process works in one', async () => {
  const [task, work] = ['task', 'work'].map((name) => join(state, name, `ocibench-${runId}`));
  for (const path of [join(task ?? '', id), join(work ?? '', id)]) await mkdir(path, { recursive: true });
  await symlink(join(work ?? '', id), join(task ?? '', id, 'work'));
  expect(await bundleDirectories(runId, id)).toEqual([]);
  const shim = spawn('sleep', ['100'], { cwd: join(task ?? '', id) });
  try {
    await once(shim, 'spawn');
    expect(await bundleDirectories(runId, id)).toEqual([task, work]);
  } finally {
    shim.kill();
  }
});
