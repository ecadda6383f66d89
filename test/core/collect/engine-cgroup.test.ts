import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../../src/core/collect/cgroup/layout.ts';
import {
  openEngineCgroup,
  readEngineCpu,
  systemEngineCgroups,
} from '../../../src/core/collect/engine-cgroup.ts';
import { findEngineDaemons } from '../../../src/core/collect/engine-daemons.ts';
import { fakeV1, fakeV2, put } from './cgroup/fake-hierarchy.ts';

let proc: string;
const v2: CgroupLayout = { kind: 'v2', unified: '/nowhere', v1: {}, mounts: [], controllers: [] };
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'ocibench-proc-'));
  put(join(proc, 'self/cgroup'), '0::/user.slice/session-1.scope\n');
});
afterEach(() => rmSync(proc, { recursive: true }));

interface Daemon {
  readonly cgroup: string;
  /** What it listens on. */
  readonly socket?: string;
  readonly ppid?: number;
  readonly argv?: readonly string[];
  /** Its ids in the PID namespaces from ours on. */
  readonly nsPid?: string;
  readonly uid?: number;
}

/** Below `proc` also lie the files of the host that the processes see as their root. */
function daemon(
  pid: number,
  comm: string,
  { cgroup, socket, ppid = 1, argv = [], nsPid, uid = 0 }: Daemon,
): void {
  const at = (file: string) => join(proc, String(pid), file);
  put(at('status'), `Name:\t${comm}\nUid:\t${Array(4).fill(uid).join('\t')}\nNSpid:\t${nsPid ?? pid}\n`);
  put(at('stat'), `${pid} (${comm}) S ${ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n`);
  put(at('cmdline'), [comm, ...argv].map((word) => `${word}\0`).join(''));
  put(at('cgroup'), cgroup);
  mkdirSync(at('fd'));
  symlinkSync(proc, at('root'));
  if (socket === undefined) return;
  put(join(proc, socket), '');
  symlinkSync(`socket:[9${pid}]`, at('fd/3'));
  const entry = (flags: string, inode: string) =>
    `000000003bca2290: 00000002 00000000 ${flags} 0001 01 ${inode} ${socket}`;
  put(
    at('net/unix'),
    `Num       RefCount Protocol Flags    Type St Inode Path\n${entry('00000000', `8${pid}`)}\n${entry('00010000', `9${pid}`)}\n`,
  );
}
const docker = '/run/docker.sock';
const find = (layout: CgroupLayout = v2, socket = docker) =>
  systemEngineCgroups(layout, findEngineDaemons(join(proc, socket), proc), proc);

describe('where the system engine is counted', () => {
  test('in the cgroups of its two services', () => {
    daemon(10, 'dockerd', { cgroup: '0::/system.slice/docker.service\n', socket: docker });
    daemon(11, 'containerd', {
      cgroup: '0::/system.slice/containerd.service\n',
      socket: '/run/containerd/containerd.sock',
    });
    daemon(12, 'containerd-shim', { cgroup: '0::/elsewhere\n' });
    expect(find()).toEqual({ paths: ['system.slice/containerd.service', 'system.slice/docker.service'] });
  });

  test('on v1, by the hierarchy that counts CPU time', () => {
    const cgroup = '4:memory:/other\n2:cpu,cpuacct:/system.slice/docker.service\n0::/\n';
    daemon(10, 'dockerd', { cgroup, socket: docker });
    daemon(11, 'containerd', { cgroup, ppid: 10 });
    const { root, layout } = fakeV1();
    rmSync(root, { recursive: true });
    put(join(proc, 'self/cgroup'), '2:cpu,cpuacct:/user.slice\n');
    expect(find(layout)).toEqual({ paths: ['system.slice/docker.service'] });
  });

  test('once, where one lies inside the other', () => {
    daemon(10, 'dockerd', { cgroup: '0::/system.slice/docker.service\n', socket: docker });
    daemon(11, 'containerd', { cgroup: '0::/system.slice/docker.service/containerd\n', ppid: 10 });
    expect(find()).toEqual({ paths: ['system.slice/docker.service'] });
  });

  test('not in those of other daemons of the same names', () => {
    daemon(5, 'containerd', { cgroup: '0::/k3s\n', socket: '/run/k3s/containerd/containerd.sock' });
    daemon(10, 'dockerd', { cgroup: '0::/system.slice/docker.service\n', socket: docker });
    daemon(11, 'containerd', { cgroup: '0::/system.slice/docker.service\n', ppid: 10 });
    daemon(20, 'dockerd', { cgroup: '0::/other\n', socket: '/run/other.sock' });
    daemon(21, 'containerd', { cgroup: '0::/other\n', ppid: 20 });
    expect(find()).toEqual({ paths: ['system.slice/docker.service'] });
    expect(find(v2, '/run/other.sock')).toEqual({ paths: ['other'] });
  });

  test('not in those of another user’s process that calls itself dockerd and listens on the socket', () => {
    daemon(8, 'dockerd', { cgroup: '0::/theirs\n', socket: docker, uid: 65534 });
    daemon(9, 'containerd', { cgroup: '0::/theirs\n', ppid: 8, uid: 65534 });
    daemon(10, 'dockerd', { cgroup: '0::/docker\n', socket: docker });
    daemon(11, 'containerd', { cgroup: '0::/docker\n', ppid: 10 });
    expect(find()).toEqual({ paths: ['docker'] });
  });

  test('with the containerd that the command line names', () => {
    daemon(5, 'containerd', { cgroup: '0::/k3s\n', socket: '/run/containerd/containerd.sock' });
    daemon(6, 'containerd', { cgroup: '0::/mine\n', socket: '/run/mine.sock' });
    const argv = ['-H', 'fd://', '--containerd=/run/mine.sock'];
    daemon(10, 'dockerd', { cgroup: '0::/docker\n', socket: docker, argv });
    expect(find()).toEqual({ paths: ['docker', 'mine'] });
  });

  test('in whatever PID namespace it is, by the socket', () => {
    daemon(10, 'dockerd', { cgroup: '0::/inner\n', socket: docker, nsPid: '10\t5' });
    daemon(11, 'containerd', { cgroup: '0::/inner\n', ppid: 10, nsPid: '11\t6' });
    expect(find()).toEqual({ paths: ['inner'] });
  });

  test('nowhere, where no dockerd answers at the socket', () => {
    expect(find()).toMatchObject({ absent: /no dockerd/ });
    daemon(10, 'dockerd', { cgroup: '0::/docker\n', socket: '/run/other.sock' });
    put(join(proc, docker), '');
    expect(find()).toMatchObject({ absent: /answers at .*docker\.sock cannot be told/ });
    daemon(20, 'dockerd', { cgroup: '0::/docker\n', socket: docker });
    expect(find()).toMatchObject({ absent: /containerd that dockerd \(process 20\) uses was not found/ });
  });

  test('without a look at descriptors: in those of the only dockerd there is', () => {
    daemon(10, 'dockerd', { cgroup: '0::/docker\n', socket: docker });
    daemon(11, 'containerd', { cgroup: '0::/docker\n', ppid: 10 });
    rmSync(join(proc, '10/fd'), { recursive: true });
    expect(find()).toEqual({ paths: ['docker'] });
    daemon(20, 'dockerd', { cgroup: '0::/other\n' });
    expect(find()).toMatchObject({ absent: /cannot be told/ });
  });

  test('nowhere, where it cannot be separated from what is not the engine', () => {
    const run = (pid: number, cgroup: string) => {
      daemon(pid, 'dockerd', { cgroup, socket: docker });
      daemon(pid + 1, 'containerd', { cgroup, ppid: pid });
    };
    run(10, '0::/\n');
    expect(find()).toMatchObject({ absent: /root cgroup/, daemons: { dockerd: 10, containerd: 11 } });
    rmSync(join(proc, '10'), { recursive: true });
    run(20, '0::/user.slice\n');
    expect(find()).toMatchObject({ absent: /same cgroup as this harness/ });
    rmSync(join(proc, '20'), { recursive: true });
    run(30, '0::/services\n');
    daemon(40, 'containerd', { cgroup: '0::/services/k3s\n' });
    expect(find()).toMatchObject({ absent: /shares its cgroup with another \(containerd, process 40/ });
  });
});

describe('CPU time of the engine', () => {
  test('is the sum of its cgroups, with both named', () => {
    const { root, layout } = fakeV2();
    put(join(root, 'a/cpu.stat'), 'usage_usec 5\n');
    put(join(root, 'b/cpu.stat'), 'usage_usec 7\n');
    expect(readEngineCpu(layout, ['a', 'b'])).toEqual({
      value: 12_000,
      source: 'cpu.stat usage_usec of /a + /b',
      cgroups: ['/a', '/b'],
    });
    rmSync(root, { recursive: true });
  });

  test('v1 has it in ns', () => {
    const { root, layout } = fakeV1();
    put(join(root, 'cpu,cpuacct/a/cpuacct.usage'), '123\n');
    expect(readEngineCpu(layout, ['a'])).toEqual({
      value: 123,
      source: 'cpuacct.usage of /a',
      cgroups: ['/a'],
    });
    rmSync(root, { recursive: true });
  });

  test('holds what Kata puts beside the container’s cgroup and the engine’s, on either version', () => {
    const v2Host = fakeV2();
    put(join(v2Host.root, 'a/cpu.stat'), 'usage_usec 5\n');
    put(join(v2Host.root, 'kata_overhead/cpu.stat'), 'usage_usec 7\n');
    expect(readEngineCpu(v2Host.layout, ['a'])).toMatchObject({
      value: 12_000,
      cgroups: ['/a', '/kata_overhead'],
    });
    const v1Host = fakeV1();
    put(join(v1Host.root, 'cpu,cpuacct/a/cpuacct.usage'), '5\n');
    put(join(v1Host.root, 'cpu,cpuacct/kata_overhead/cpuacct.usage'), '7\n');
    expect(readEngineCpu(v1Host.layout, ['a'])).toMatchObject({
      value: 12,
      cgroups: ['/a', '/kata_overhead'],
    });
    for (const { root } of [v2Host, v1Host]) rmSync(root, { recursive: true });
  });

  test('is absent where one of them is not there, or none is known', () => {
    expect(readEngineCpu(v2, ['gone'])).toMatchObject({ absent: /^\/gone: cpu.stat: no such file/ });
    expect(readEngineCpu(v2, [])).toMatchObject({ absent: /not known/ });
    expect(readEngineCpu({ ...v2, kind: 'v1' }, ['a'])).toMatchObject({ absent: /no cgroup hierarchy/ });
  });
});

test('the embedded engine has a cgroup of its own in every hierarchy that counts', async () => {
  const { root, layout } = fakeV1();
  const engine = openEngineCgroup(layout, 'run-1');
  expect(engine.path).toBe('ocibench/run-1/engine');
  expect(engine.prepare()).toEqual([]);
  expect(engine.dirs).toHaveLength(4);
  expect(engine.dirs.every((dir) => existsSync(dir))).toBe(true);
  expect(await engine.remove()).toEqual([]);
  expect(engine.dirs.some((dir) => existsSync(dir))).toBe(false);
  expect(engine.join(1)).toHaveLength(4);
  rmSync(root, { recursive: true });
});
