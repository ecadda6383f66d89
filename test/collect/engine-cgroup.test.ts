import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../src/collect/cgroup-layout.ts';
import { openEngineCgroup, readEngineCpu, systemEngineCgroups } from '../../src/collect/engine-cgroup.ts';
import { fakeV1, fakeV2, put } from './fake-hierarchy.ts';

let proc: string;
const v2: CgroupLayout = { kind: 'v2', unified: '/nowhere', v1: {}, mounts: [], controllers: [] };
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'ocibench-proc-'));
  put(join(proc, 'self/cgroup'), '0::/user.slice/session-1.scope\n');
});
afterEach(() => rmSync(proc, { recursive: true }));

function daemon(pid: number, comm: string, cgroup: string, nsPid = `${pid}`): void {
  put(join(proc, String(pid), 'comm'), `${comm}\n`);
  put(join(proc, String(pid), 'status'), `Name:\t${comm}\nNSpid:\t${nsPid}\n`);
  put(join(proc, String(pid), 'cgroup'), cgroup);
}

describe('where the system engine is counted', () => {
  test('in the cgroups of its two services', () => {
    daemon(10, 'dockerd', '0::/system.slice/docker.service\n');
    daemon(11, 'containerd', '0::/system.slice/containerd.service\n');
    daemon(12, 'containerd-shim', '0::/elsewhere\n');
    expect(systemEngineCgroups(v2, proc)).toEqual({
      paths: ['system.slice/containerd.service', 'system.slice/docker.service'],
    });
  });

  test('on v1, by the hierarchy that counts CPU time', () => {
    daemon(10, 'dockerd', '4:memory:/other\n2:cpu,cpuacct:/system.slice/docker.service\n0::/\n');
    const { root, layout } = fakeV1();
    rmSync(root, { recursive: true });
    put(join(proc, 'self/cgroup'), '2:cpu,cpuacct:/user.slice\n');
    expect(systemEngineCgroups(layout, proc)).toEqual({ paths: ['system.slice/docker.service'] });
  });

  test('once, where one lies inside the other', () => {
    daemon(10, 'dockerd', '0::/system.slice/docker.service\n');
    daemon(11, 'containerd', '0::/system.slice/docker.service/containerd\n');
    expect(systemEngineCgroups(v2, proc)).toEqual({ paths: ['system.slice/docker.service'] });
  });

  test('not in those of engines in other PID namespaces', () => {
    daemon(10, 'dockerd', '0::/ocibench/run/engine\n', '10\t5');
    expect(systemEngineCgroups(v2, proc)).toMatchObject({ absent: /no dockerd/ });
  });

  test('nowhere, where it cannot be told apart', () => {
    daemon(10, 'dockerd', '0::/\n');
    expect(systemEngineCgroups(v2, proc)).toMatchObject({ absent: /root cgroup/ });
    daemon(10, 'dockerd', '0::/user.slice\n');
    expect(systemEngineCgroups(v2, proc)).toMatchObject({ absent: /same cgroup as this harness/ });
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
