import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProcesses, scanContainers, totalPss } from '../../../../src/core/collect/process/scan.ts';
import type { ProcessUsage } from '../../../../src/core/model/trial/trial.ts';
import { fixture, fixtures } from '../fixture-files.ts';

const numbers = (text: string) => text.split('\n').filter(Boolean).map(Number);

function scan(set: string): readonly ProcessUsage[] {
  return scanContainers(
    [fixture(set, 'container-id').trim()],
    numbers(fixture(set, 'cgroup.procs')),
    join(fixtures, set, 'proc'),
  ).processes;
}
const roles = (processes: readonly ProcessUsage[]) => processes.map((each) => each.role).toSorted();

describe('a Kata container', () => {
  test.each<[string, string[], string[]]>([
    ['path-9p', ['kata-proxy', 'kata-shim', 'shim', 'vmm'], ['kata-shim']],
    ['path-virtiofs', ['kata-proxy', 'kata-shim', 'shim', 'virtiofsd', 'virtiofsd', 'vmm'], ['kata-shim']],
    ['v2-9p', ['shim', 'vmm'], []],
    ['v2-virtiofs', ['shim', 'virtiofsd', 'virtiofsd', 'vmm'], []],
    [
      'path-9p-sandbox_cgroup_only',
      ['kata-proxy', 'kata-shim', 'shim', 'vmm'],
      ['kata-proxy', 'kata-shim', 'vmm'],
    ],
    ['v2-9p-sandbox_cgroup_only', ['shim', 'vmm'], ['shim', 'vmm']],
  ])('%s: every process once, with its role', (set, expected, inCgroup) => {
    const processes = scan(`kata/${set}`);
    expect(roles(processes)).toEqual(expected);
    expect(new Set(processes.map((each) => each.pid)).size).toBe(processes.length);
    expect(roles(processes.filter((each) => each.inCgroup))).toEqual(inCgroup);
    expect(totalPss(processes)).toBeGreaterThan(325e3 * 1024);
    expect(totalPss(processes)).toBeLessThan(345e3 * 1024);
  });

  test('the figures are those of the files', () => {
    const qemu = scan('kata/v2-virtiofs').find((each) => each.role === 'vmm');
    expect(qemu).toEqual({
      pid: 11651,
      ppid: 1,
      comm: 'qemu-system-x86',
      role: 'vmm',
      inCgroup: false,
      cpuNs: (431 + 62) * 1e7,
      pssBytes: 297_268 * 1024,
      pssShmemBytes: 150_556 * 1024,
      pssAnonBytes: 129_904 * 1024,
      cpuCgroup: '/',
      emulation: 'QEMU TCG',
    });
  });

  test('of another container, nothing is found', () => {
    const procRoot = join(fixtures, 'kata/path-9p/proc');
    expect(scanContainers(['0'.repeat(64)], [], procRoot).processes).toEqual([]);
  });
});

test('a gVisor container: shim, gofer, sentry and its stubs', () => {
  const processes = scan('proc/runsc-idle');
  expect(roles(processes)).toEqual(['gofer', 'sentry', 'shim', 'stub', 'stub', 'stub']);
  const inside = processes.filter((each) => each.inCgroup);
  expect(roles(inside)).toEqual(['gofer', 'sentry', 'stub', 'stub', 'stub']);
  // What a `sleep` costs before the application allocates anything: sentry, gofer, and three stubs, of which the last two
  // are one address space (the first is the other's parent, and both show 1110 KiB).
  expect(totalPss(inside)).toBe((22_504 + 13_954 + 22 + 1110) * 1024);
});

test('a shim without an id on its command line is found by the bundle that it is in', () => {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-shim-'));
  const id = 'a'.repeat(64);
  const put = (pid: number, program: string, bundle: string) => {
    const dir = join(root, String(pid));
    mkdirSync(dir);
    writeFileSync(join(dir, 'stat'), `${pid} (${program.slice(0, 15)}) S 1 ${'0 '.repeat(48)}`);
    writeFileSync(join(dir, 'cmdline'), `/usr/bin/${program}\0-namespace\0k8s.io\0`);
    writeFileSync(join(dir, 'cgroup'), '0::/engine\n');
    writeFileSync(join(dir, 'status'), `Uid:\t${process.getuid?.()}\t0\t0\t0\n`);
    symlinkSync(bundle, join(dir, 'cwd'));
  };
  put(10, 'containerd-shim-runsc-v1', `/run/task/k8s.io/${id}`);
  put(11, 'containerd-shim-runsc-v1', `/run/task/k8s.io/${'b'.repeat(64)}`);
  put(12, 'editor', `/run/task/k8s.io/${id}`);
  const processes = findProcesses({
    procRoot: root,
    containerId: id,
    cgroupPids: [],
    engineCgroups: ['engine'],
  });
  rmSync(root, { recursive: true });
  expect(processes.map(({ stat, role }) => [stat.pid, role])).toEqual([[10, 'shim']]);
});

describe('a proc that is not as it should be', () => {
  let dir: string;
  const container = fixture('kata/path-virtiofs', 'container-id').trim();
  const damaged = () => scanContainers([container], [11301, 99999], dir).processes;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'ocibench-proc-'));
    cpSync(join(fixtures, 'kata/path-virtiofs/proc'), dir, { recursive: true });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('whatever is missing, garbage or unreadable, the rest is found', () => {
    expect(damaged()).toHaveLength(6);
    writeFileSync(join(dir, '11287', 'smaps_rollup'), 'garbage');
    rmSync(join(dir, '11292', 'smaps_rollup'));
    writeFileSync(join(dir, '11282', 'stat'), '11282 (virti');
    rmSync(join(dir, '11243'), { recursive: true });
    writeFileSync(join(dir, 'uptime'), '1 1\n');
    const processes = damaged();
    expect(processes.map((each) => [each.pid, each.pssBytes === null])).toEqual([
      [11277, false],
      [11287, true],
      [11292, true],
      [11301, false],
    ]);
  });

  test('a zombie holds nothing and is left out', () => {
    const stat = fixture('kata/path-virtiofs', 'proc/11277/stat').replace(') S ', ') Z ');
    writeFileSync(join(dir, '11277', 'stat'), stat);
    expect(damaged().map((each) => each.pid)).not.toContain(11277);
  });

  test('processes that name each other as parent do not make it run in circles', () => {
    const loop = (pid: number, ppid: number) =>
      fixture('kata/path-virtiofs', `proc/${pid}/stat`).replace(/\) S \d+ /, `) S ${ppid} `);
    writeFileSync(join(dir, '11301', 'stat'), loop(11301, 11287));
    writeFileSync(join(dir, '11287', 'stat'), loop(11287, 11301));
    expect(damaged().map((each) => each.pid)).toEqual(expect.arrayContaining([11287, 11301]));
  });

  test('no proc at all', () => {
    expect(scanContainers([container], [1], join(dir, 'nowhere')).processes).toEqual([]);
  });
});
