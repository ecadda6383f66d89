import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  deadShims,
  endProcessesOf,
  isOfNamespace,
  shimSocketName,
} from '../../../src/app/leftovers/dead-run-processes.ts';
import { fakeV1, put } from '../../core/collect/cgroup/fake-hierarchy.ts';

let fake: ReturnType<typeof fakeV1>;
beforeEach(() => {
  fake = fakeV1();
});
afterEach(() => rmSync(fake.root, { recursive: true }));

test('processes of a run that has ended are killed in whichever hierarchy they are; those of others are not', async () => {
  const { root, layout } = fake;
  const [program, shim, other] = ['program', 'shim', 'other'].map(() => spawn('sleep', ['100']));
  if (program === undefined || shim === undefined || other === undefined) throw new Error('no process');
  put(join(root, 'memory/ocibench/run-a/t/ct/id/cgroup.procs'), `${program.pid}\n`);
  put(join(root, 'pids/ocibench/run-a/t/rt/cgroup.procs'), `${shim.pid}\n`);
  put(join(root, 'memory/ocibench/run-b/t/ct/id/cgroup.procs'), `${other.pid}\n`);
  const ended = [once(program, 'exit'), once(shim, 'exit')];
  // The files of a fake hierarchy do not follow.
  await endProcessesOf(layout, 'run-a', 50);
  expect((await Promise.all(ended)).map(([, signal]) => signal)).toEqual(['SIGKILL', 'SIGKILL']);
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill('SIGKILL');
});

test('an id that leads elsewhere is refused', async () => {
  await expect(endProcessesOf(fake.layout, '../docker', 50)).rejects.toThrow(RangeError);
});

test('the socket of a shim is known by its namespace, which is the run’s own', () => {
  const id = 'f54a499a672458f368237e0e61f3df13f8475c535748be20fec643162b750464';
  const argv = (namespace: string) => [
    '/usr/bin/containerd-shim-runc-v2',
    '-namespace',
    namespace,
    '-id',
    id,
    '-address',
    '/tmp/containerd-of-host-UkJIXp/containerd.sock',
  ];
  // As containerd 1.7.24 named it.
  expect(shimSocketName(argv('ocibench-20261126-215346-b5c2'), '20261126-215346-b5c2')).toBe(
    'ffc768018ee303dda3865d2937a406fea761be486ffd44f5832501854533e3c5',
  );
  expect(shimSocketName(argv('moby'), '20261126-215346-b5c2')).toBeNull();
  expect(shimSocketName(argv('ocibench-20261126-215346-0000'), '20261126-215346-b5c2')).toBeNull();
  expect(shimSocketName(['sleep', '100'], '20261126-215346-b5c2')).toBeNull();
});

test('a process is of a run’s namespace where its command line names that, and what has not ended in time is killed', async () => {
  const runId = '20261126-215346-b5c2';
  const name = `ocibench-${runId}`;
  expect(isOfNamespace(['runc', '--root', `/run/x/${name}`, 'delete', 'id'], runId)).toBe(true);
  for (const stranger of [
    ['vi', `/srv/${name}`],
    ['ctr', '-n', name, 'tasks', 'ls'],
    ['tar', '-cf', 'x', name],
  ])
    expect(isOfNamespace(stranger, runId), stranger.join(' ')).toBe(false);
  expect(isOfNamespace(['sh', '-c', `echo ${name} is gone`], runId)).toBe(false);
  expect(isOfNamespace(['containerd-shim-runc-v2', '-namespace', `${name}0`], runId)).toBe(false);
  if (process.getuid?.() !== 0) return;
  const shim = spawn('sh', ['-c', 'sleep 100 & wait', 'shim', '-namespace', name], { stdio: 'ignore' });
  const ended = once(shim, 'exit');
  await deadShims(runId).settle(5_000);
  expect(shim.exitCode).toBeNull();
  await deadShims(runId).end(100);
  expect((await ended)[1]).toBe('SIGKILL');
});
