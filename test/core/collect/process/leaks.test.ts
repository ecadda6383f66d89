import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { endLeaked } from '../../../../src/core/collect/process/leaks.ts';
import { ticksNow } from '../../../../src/core/collect/process/read.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A shell that waits under another name, with the given arguments on its command line. */
async function helper(name: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', 'echo up; read end', ...args], {
    argv0: name,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout ?? child, 'data');
  return child;
}
const alive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;
const newId = () => randomBytes(32).toString('hex');

test('ends helpers that carry the id, and no other process', async () => {
  const id = newId();
  const shim = await helper('/usr/bin/containerd-shim-runc-v2', '-id', id);
  const vmm = await helper('qemu-system-x86_64', '-name', `sandbox-${id}`);
  const jailed = await helper('firecracker', `--id=${id.slice(0, 32)}`);
  const bystanders = [
    await helper('docker', 'logs', '-f', id),
    await helper('some-editor', `/notes/${id}`),
    await helper('/usr/bin/containerd-shim-runc-v2', '-id', newId()),
  ];
  const ended = [shim, vmm, jailed].map((each) => once(each, 'exit'));
  const leaked = await endLeaked({ containerId: id, graceMs: 20 });
  await Promise.all(ended);
  expect(leaked.map((each) => [each.pid, each.role]).toSorted()).toEqual(
    [
      [shim.pid, 'shim'],
      [vmm.pid, 'vmm'],
      [jailed.pid, 'vmm'],
    ].toSorted(),
  );
  expect([shim.signalCode, vmm.signalCode]).toEqual(['SIGKILL', 'SIGKILL']);
  expect(bystanders.map(alive)).toEqual([true, true, true]);
});

test('what ends by itself in time has not leaked', async () => {
  const id = newId();
  const shim = await helper('containerd-shim-runc-v2', '-id', id);
  const ended = once(shim, 'exit');
  const ending = endLeaked({ containerId: id, graceMs: 10_000 });
  shim.stdin?.end('end\n');
  expect(await ending).toEqual([]);
  // Node may hear of the end later than /proc shows it.
  await ended;
  expect([shim.exitCode !== null, shim.signalCode]).toEqual([true, null]);
});

test('what began before the container was made is not of it, unless its cgroup still has a process', async () => {
  const id = newId();
  const before = ticksNow();
  const shim = await helper('containerd-shim-runc-v2', '-id', id);
  const options = { containerId: id, graceMs: 0 };
  expect(await endLeaked({ ...options, sinceTicks: ticksNow() + 1_000 })).toEqual([]);
  expect(alive(shim)).toBe(true);
  const cgroupPids = [process.pid];
  expect(await endLeaked({ ...options, sinceTicks: ticksNow() + 1_000, cgroupPids })).toHaveLength(1);
  const another = await helper('containerd-shim-runc-v2', '-id', id);
  const leaked = await endLeaked({ ...options, sinceTicks: before });
  expect(leaked.map(({ pid }) => pid)).toEqual([another.pid]);
});

test('nothing left, nothing done', async () => {
  expect(await endLeaked({ containerId: newId() })).toEqual([]);
});

test('processes of the trial’s cgroup that do not carry the id are left alone', async () => {
  const bystander = await helper('redis-server');
  const cgroupPids = [bystander.pid ?? 0];
  expect(await endLeaked({ containerId: newId(), cgroupPids, graceMs: 0, waitMs: 50 })).toEqual([]);
  expect(alive(bystander)).toBe(true);
});

test.each(['', 'abc', 'g'.repeat(64), 'A'.repeat(64), `${'a'.repeat(64)}\n`, 'a'.repeat(63)])(
  'refuses %j, which is not a full id',
  async (containerId) => {
    await expect(endLeaked({ containerId })).rejects.toThrow(RangeError);
  },
);

/** Cgroup of this process, as the kernel names it, in whatever hierarchy. */
async function ownCgroup(): Promise<string> {
  const lines = (await readFile('/proc/self/cgroup', 'utf8')).trim().split('\n');
  return (lines.map((line) => line.split(':').slice(2).join(':')).find((path) => path !== '/') ?? '').slice(
    1,
  );
}

describe('in the engine’s cgroup, whose processes only the engine starts', async () => {
  const engineCgroup = await ownCgroup();
  // Where everything is in the root cgroup there is no cgroup that could be the engine's alone.
  test.skipIf(engineCgroup === '')(
    'what has the bundle or the id is ended under any name, with what it started',
    async () => {
      const id = newId();
      const bundle = await mkdtemp(join(tmpdir(), `${id}-`));
      const inBundle = spawn('sleep', ['3600'], { cwd: bundle, stdio: 'ignore' });
      const wrapper = spawn('/bin/sh', ['-c', 'sleep 3600; :', 'wrapper', id], { stdio: 'ignore' });
      const bystander = spawn('sleep', ['3600'], { stdio: 'ignore' });
      started.push(inBundle, wrapper, bystander);
      await Promise.all([inBundle, wrapper, bystander].map((child) => once(child, 'spawn')));
      const options = { containerId: id, graceMs: 50 };
      expect(await endLeaked({ ...options, engineCgroups: ['some/other'] })).toEqual([]);
      const leaked = await endLeaked({ ...options, engineCgroups: [engineCgroup] });
      expect(leaked.map(({ pid }) => pid)).toEqual(expect.arrayContaining([inBundle.pid, wrapper.pid]));
      expect(leaked.map(({ comm }) => comm).toSorted()).toEqual(['sh', 'sleep', 'sleep']);
      expect(alive(bystander)).toBe(true);
      await rm(bundle, { recursive: true });
    },
  );
});
