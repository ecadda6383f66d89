import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EngineOrigin, isEngineProcess } from '../../../src/core/collect/engine-daemons.ts';
import { put } from './cgroup/fake-hierarchy.ts';

const containerId = 'a'.repeat(64);
const other = 'b'.repeat(64);
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ocibench-origin-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Does a process with these uids and this cgroup count as the engine's? Its parent is PID 1. */
function judge(
  { uids = '0 0 0 0', cgroup = '/', ppid = 1 }: { uids?: string; cgroup?: string; ppid?: number },
  origin: Partial<EngineOrigin> = {},
): boolean {
  const at = (file: string) => join(root, 'proc', '77', file);
  put(at('stat'), `77 (x) S ${ppid} 77 77 0 -1 4194560 0 0 0 0 20 5 0 0 20 0 1 0 77 0 0\n`);
  put(at('status'), `Name:\tx\nUid:\t${uids.replaceAll(' ', '\t')}\nGid:\t0\t0\t0\t0\n`);
  put(at('cgroup'), `4:memory:${cgroup}\n0::/\n`);
  return isEngineProcess(77, {
    procRoot: join(root, 'proc'),
    containerId,
    engineCgroups: [],
    cgroupRoot: join(root, 'cgroup'),
    ...origin,
  });
}

test('of an orphan the uid decides, all four of it', () => {
  expect(judge({})).toBe(true);
  for (const uids of ['65534 65534 65534 65534', '65534 0 0 0', '0 0 0 65534', '0 65534 0 0'])
    expect(judge({ uids }), uids).toBe(false);
});

test('the engine’s own cgroup admits any uid: sandboxes may have given root up', () => {
  const engineCgroups = ['system.slice/docker.service'];
  const cgroup = '/system.slice/docker.service';
  expect(judge({ uids: '65534 65534 65534 65534', cgroup }, { engineCgroups })).toBe(true);
  expect(judge({ uids: '0 0 0 0', cgroup: '/system.slice/ssh.service' }, { engineCgroups })).toBe(false);
  // A user may make cgroups of any name below his own.
  const theirs = `/user.slice/user-1000.slice${cgroup}`;
  expect(judge({ uids: '1000 1000 1000 1000', cgroup: theirs }, { engineCgroups })).toBe(false);
});

test('root in the container of somebody else is not the engine', () => {
  expect(judge({ cgroup: `/docker/${other}` })).toBe(false);
  expect(judge({ cgroup: `/system.slice/docker-${other}.scope` })).toBe(false);
  expect(judge({ cgroup: `/ocibench/run/trial/${containerId}` })).toBe(true);
});

test.skipIf(process.getuid?.() !== 0)(
  'a cgroup that is named after the container counts as far as its owner does',
  () => {
    const uids = '65534 65534 65534 65534';
    const cgroup = `/kata_overhead/${containerId}`;
    const directory = join(root, 'cgroup/memory', cgroup);
    mkdirSync(directory, { recursive: true });
    expect(judge({ uids, cgroup })).toBe(true);
    chownSync(directory, 65534, 65534);
    expect(judge({ uids, cgroup })).toBe(false);
  },
);
