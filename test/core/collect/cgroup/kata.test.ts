import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { pidsBelow } from '../../../../src/core/collect/cgroup/files.ts';
import { readCgroup } from '../../../../src/core/collect/cgroup/read.ts';
import { readEngineCpu } from '../../../../src/core/collect/engine-cgroup.ts';
import { scanContainers, totalPss } from '../../../../src/core/collect/process/scan.ts';
import { figureDelta } from '../../../../src/core/metrics/figure.ts';
import type { ProcessUsage } from '../../../../src/core/model/trial/trial.ts';
import { containerId, documented, lostSandbox, trialPath } from '../documented-kata.ts';
import { fixture, fixtures, plain } from '../fixture-files.ts';
import { capturedLayout, capturedRows, capturedScan, kataCgroup, statusKb } from './kata-captures.ts';
import { type SandboxTree, sandboxTree } from './sandbox-tree.ts';

const trees: SandboxTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree.root, { recursive: true });
});
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const roles = (processes: readonly ProcessUsage[]) => processes.map((each) => each.role).toSorted();
/** One line of a smaps_rollup, KiB. */
const rollup = (text: string, key: string) =>
  Number(new RegExp(`^${key}:\\s+([\\d.]+) kB$`, 'm').exec(text)?.[1] ?? NaN);

describe('a captured sandbox, idle', () => {
  // set; memory.usage of `docker stats`, bytes; PSS and RSS of all processes, KiB.
  test.each([
    ['path-9p', 516_096, 339_651, 345_564],
    ['path-virtiofs', 249_856, 337_727, 350_952],
    ['path-9p-sandbox_cgroup_only', 304_685_056, 341_277, 347_272],
    ['v2-9p', 696_320, 329_146, 332_120],
    ['v2-virtiofs', 1_908_736, 325_317, 335_408],
    ['v2-9p-sandbox_cgroup_only', 692_224, 329_655, 332_636],
  ])('%s: what the whole of it holds, which docker stats does not say', (set, statsBytes, pssKb, rssKb) => {
    const processes = capturedScan(set);
    expect(totalPss(processes)).toBe(pssKb * 1024);
    expect(JSON.parse(fixture('kata', set, 'stats.json')).memory_stats.usage).toBe(statsBytes);
    expect(statsBytes).toBeLessThan(totalPss(processes));
    expect(sum(processes.map(({ pid }) => statusKb(set, pid, 'VmRSS')))).toBe(rssKb);
    expect(rssKb).toBeGreaterThan(pssKb);
  });

  test.each(['path-9p', 'path-virtiofs', 'v2-9p', 'v2-virtiofs', 'v2-9p-sandbox_cgroup_only'])(
    '%s: docker stats says less than a hundredth of it',
    (set) => {
      const { usage } = JSON.parse(fixture('kata', set, 'stats.json')).memory_stats;
      expect(usage * 100).toBeLessThan(totalPss(capturedScan(set)));
    },
  );

  test.each(['path-9p', 'path-virtiofs', 'path-9p-sandbox_cgroup_only', 'v2-9p', 'v2-virtiofs'])(
    '%s: each process of the capture once, with a role of its own and its PSS',
    (set) => {
      const processes = capturedScan(set);
      expect(processes.map(({ pid, ppid, comm, pssBytes }) => [pid, ppid, comm, pssBytes])).toEqual(
        capturedRows(set).map(({ pid, ppid, comm, pssKb }) => [pid, ppid, comm, pssKb * 1024]),
      );
      expect(processes.filter(({ role }) => role === 'other' || role === 'workload')).toEqual([]);
    },
  );

  test('virtio-fs: guest RAM that QEMU and virtiofsd map is counted once by PSS, more than once by RSS', () => {
    const set = 'v2-virtiofs';
    const processes = capturedScan(set);
    const shmem = sum(
      processes.map(({ pid }) => rollup(fixture('kata', set, 'proc', `${pid}`, 'smaps_rollup'), 'Pss_Shmem')),
    );
    const qemu = processes.find((each) => each.role === 'vmm')?.pid ?? 0;
    // QEMU maps all of it, so its RSS is the size; virtiofsd maps 2168 KiB of the same.
    expect(shmem).toBe(statusKb(set, qemu, 'RssShmem'));
    expect(shmem).toBe(151_640);
    expect(sum(processes.map(({ pid }) => statusKb(set, pid, 'RssShmem')))).toBe(151_640 + 2_168);
  });

  test.each<[string, string[]]>([
    ['path-9p', ['/', '/', '/']],
    ['v2-virtiofs', ['/', '/', '/', '/']],
    ['path-9p-sandbox_cgroup_only', ['/']],
    ['v2-9p-sandbox_cgroup_only', []],
  ])('%s: of who is outside the cgroup, the cgroup that its CPU time goes to', (set, expected) => {
    const outside = capturedScan(set).filter((each) => !each.inCgroup);
    expect(outside.map((each) => each.cpuCgroup)).toEqual(expected);
    expect(capturedScan(set).filter((each) => each.inCgroup && 'cpuCgroup' in each)).toEqual([]);
  });
});

describe('the host cgroup of a captured sandbox', () => {
  const figures = (set: string) => {
    const { figures: all } = readCgroup(capturedLayout(set), kataCgroup(set));
    return ['cpu.usage', 'memory.peak', 'memory.current', 'memory.anon', 'pids.current'].map((id) =>
      plain(all[id]),
    );
  };

  test('holds kata-shim alone, or nothing, unless sandbox_cgroup_only is set', () => {
    expect(figures('path-9p')).toEqual([1_341_776, 520_192, 516_096, 40_960, 11]);
    expect(figures('v2-9p')).toEqual([0, 0, 0, 0, 0]);
    expect(figures('v2-virtiofs')).toEqual([0, 0, 0, 0, 0]);
  });

  test('holds the virtual machine with sandbox_cgroup_only', () => {
    expect(figures('path-9p-sandbox_cgroup_only').slice(0, 3)).toEqual([
      4_129_968_995, 304_709_632, 304_685_056,
    ]);
    expect(figures('v2-9p-sandbox_cgroup_only').slice(0, 3)).toEqual([
      3_890_110_676, 305_156_096, 301_101_056,
    ]);
  });

  test('names the processes that the capture found in it', () => {
    for (const set of ['path-9p', 'path-9p-sandbox_cgroup_only', 'v2-9p', 'v2-9p-sandbox_cgroup_only']) {
      const below = pidsBelow(join(fixtures, 'kata', set, 'cgroup/pids/docker')).toSorted();
      const inside = capturedRows(set).filter(({ memoryCgroup }) => memoryCgroup.includes('kata_'));
      expect(below).toEqual(inside.map(({ pid }) => pid));
    }
  });
});

describe.each(Object.entries(documented))('from the documentation: %s', (_, sandbox) => {
  const path = trialPath[sandbox.driver];
  const build = () => {
    const tree = sandboxTree(sandbox.processes, sandbox.regionsKb);
    trees.push(tree);
    const cgroupPids = pidsBelow(join(tree.layout.unified ?? '', path));
    return { tree, processes: scanContainers([containerId], cgroupPids, tree.procRoot).processes };
  };

  test('every process once, with its role', () => {
    const { processes } = build();
    expect(roles(processes)).toEqual(sandbox.roles);
    expect(roles(processes.filter((each) => each.inCgroup))).toEqual(sandbox.inCgroup);
    expect(new Set(processes.map((each) => each.pid)).size).toBe(sandbox.processes.length);
  });

  test('guest RAM is counted once', () => {
    const { processes } = build();
    const anonKb = sum(sandbox.processes.map((each) => each.anonKb));
    expect(totalPss(processes)).toBe((anonKb + sum(Object.values(sandbox.regionsKb))) * 1024);
  });

  test('all CPU time outside the trial’s cgroup is in the engine’s figure, and counted once', () => {
    const { tree } = build();
    const outside = [...new Set(sandbox.processes.map((each) => each.cgroup))].filter(
      (cgroup) => !cgroup.startsWith(`/${path}/`),
    );
    const parents = [...new Set(outside.map((cgroup) => cgroup.slice(0, cgroup.lastIndexOf('/'))))];
    for (const parent of parents) rmSync(join(tree.layout.unified ?? '', parent), { recursive: true });
    tree.setCpu('/ocibench/run-1/engine', 1_000);
    const before = readEngineCpu(tree.layout, ['ocibench/run-1/engine']);
    // The container has come and gone: its cgroups below are removed, what they used stays in the one above.
    tree.setCpu('/ocibench/run-1/engine', 1_500);
    for (const parent of parents) tree.setCpu(parent, 70_000);
    tree.setCpu(`/${path}`, 900_000);
    const after = readEngineCpu(tree.layout, ['ocibench/run-1/engine']);
    expect(figureDelta(before, after)).toEqual({
      value: (500 + 70_000 * parents.length) * 1000,
      source: `cpu.stat usage_usec of ${['/ocibench/run-1/engine', ...parents].join(' + ')}`,
      cgroups: ['/ocibench/run-1/engine', ...parents],
    });
  });
});

test('from the documentation: a sandbox cgroup of another name is outside, and named as where it is', () => {
  const tree = sandboxTree(lostSandbox.processes);
  trees.push(tree);
  const cgroupPids = pidsBelow(join(tree.layout.unified ?? '', trialPath.systemd));
  const processes = scanContainers([containerId], cgroupPids, tree.procRoot).processes;
  expect(processes.map((each) => [each.role, each.inCgroup, each.cpuCgroup])).toEqual([
    ['shim', false, `/kata_overhead/${containerId}`],
    ['vmm', false, `/ocibench-run_1-trial_1.slice:docker:${containerId}`],
  ]);
});

describe('on v1, where threads of one process can be in different cgroups', () => {
  test('a VMM of which only the vCPUs are in the cgroup is not in it: its memory is charged elsewhere', () => {
    // docs/design/host-cgroups.md: without sandbox_cgroup_only, only vCPU threads are moved.
    const root = mkdtempSync(join(tmpdir(), 'ocibench-threads-'));
    const dir = join(root, `kata_${containerId}`);
    mkdirSync(dir);
    writeFileSync(join(dir, 'cgroup.procs'), '120\n130\n');
    writeFileSync(join(dir, 'tasks'), '123\n124\n130\n131\n');
    expect(pidsBelow(root)).toEqual([130]);
    rmSync(join(dir, 'tasks'));
    expect(pidsBelow(root)).toEqual([120, 130]);
    rmSync(root, { recursive: true });
  });
});

test('a process forked after the cgroup was listed is in it with its parent, unless it was moved', () => {
  const cgroup = '/ocibench/run-1/trial-1/c';
  const sh = { comm: 'sh', argv: ['sh'], anonKb: 1, cgroup };
  const tree = sandboxTree([
    { ...sh, pid: 10, ppid: 1 },
    { ...sh, pid: 9, ppid: 11 },
    { ...sh, pid: 11, ppid: 10 },
    { ...sh, pid: 13, ppid: 10, cgroup: '/elsewhere' },
  ]);
  trees.push(tree);
  const seen = scanContainers([containerId], [10], tree.procRoot).processes;
  expect(seen.map((each) => [each.pid, each.role, each.inCgroup])).toEqual([
    [9, 'workload', true],
    [10, 'workload', true],
    [11, 'workload', true],
    [13, 'other', false],
  ]);
});
