import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  busiestBetween,
  type ProcessTimes,
  programName,
  readProcessTimes,
} from '../../../src/core/collect/busy-processes.ts';
import { put } from './cgroup/fake-hierarchy.ts';

const harness = 7;
let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'ocibench-busy-'));
});
afterEach(() => rmSync(proc, { recursive: true }));

function process(
  pid: number,
  { ppid = 1, flags = 0, ticks = 5, cgroup = '/user.slice', argv = 'x\0' } = {},
): void {
  put(
    join(proc, `${pid}/stat`),
    `${pid} (x) S ${ppid} 1 1 0 -1 ${flags} 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${pid} 0 0\n`,
  );
  put(join(proc, `${pid}/cgroup`), `0::${cgroup}\n`);
  put(join(proc, `${pid}/cmdline`), argv);
}

test('processes of others are read, without the kernel’s and those of this harness', () => {
  process(harness);
  process(8, { ppid: harness });
  process(9, { flags: 0x20_0000 });
  process(10);
  expect([...readProcessTimes(proc, harness).values()]).toEqual([
    { pid: 10, name: 'x', container: null, cpuNs: 5e7 },
  ]);
});

test.each([
  ['/docker/', ''],
  ['/system.slice/docker-', '.scope'],
  ['/kubepods.slice/pod1/cri-containerd-', '.scope'],
])('a process in a container is named with it (%s)', (before, after) => {
  process(10, { cgroup: `${before}0123456789ab${'c'.repeat(52)}${after}` });
  expect([...readProcessTimes(proc, harness).values()]).toMatchObject([{ container: '0123456789ab' }]);
});

test.each([
  ['cc1', ['/usr/lib/gcc/cc1', 'main.c'], 'cc1'],
  ['node-MainThread', ['node', '--flag', '/srv/cli.ts', '--token', 'secret'], 'node cli.ts'],
  ['python3', ['/usr/bin/python3', '-c', 'print(1)'], 'python3'],
  ['sh', ['sh'], 'sh'],
  ['bash', ['bash', 'a b'], 'bash'],
  ['x', [], 'x'],
])('%s %j is called %s', (comm, argv, name) => expect(programName(comm, argv)).toBe(name));

const times = (used: Readonly<Record<string, number>>): ProcessTimes =>
  new Map(
    Object.entries(used).map(([key, cpuNs], index) => [
      key,
      { pid: index, name: key, container: null, cpuNs },
    ]),
  );

test('who used most comes first; who used little, or has ended, is left out', () => {
  const before = times({ a: 1e9, b: 1e9, ended: 0 });
  const after = times({ a: 1.2e9, b: 1.9e9, little: 1e6, fresh: 5e8 });
  expect(
    busiestBetween(before, after, 1e9).map(({ name, cpuShare }) => [name, Number(cpuShare.toFixed(2))]),
  ).toEqual([
    ['b', 0.9],
    ['fresh', 0.5],
    ['a', 0.2],
  ]);
});

test('of many processes only some are named', () => {
  const many = times(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`p${index}`, 1e9])));
  expect(busiestBetween(new Map(), many, 1e9)).toHaveLength(4);
});
