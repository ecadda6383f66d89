import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanContainers, totalPss } from '../../../../src/core/collect/process/scan.ts';
import { sandboxTree } from '../cgroup/sandbox-tree.ts';
import { fixture, fixtures } from '../fixture-files.ts';

const containerId = 'fab1e5'.padEnd(64, '0123456789abcdef');
const cgroup = `/ocibench/run-1/trial-1/${containerId}`;

// gVisor keeps application memory in a memfd of the sentry, which systrap's stubs map (pkg/sentry/pgalloc,
// pkg/sentry/platform/systrap): it is charged once, as shmem, and each of them has it in its RSS. Two processes of the application here.
test('application memory that sentry and stubs map is counted once, where RSS counts it three times', () => {
  const stub = { comm: 'exe', argv: [], cgroup, anonKb: 20, maps: ['application'] };
  const tree = sandboxTree(
    [
      {
        pid: 10,
        ppid: 9,
        comm: 'exe',
        argv: ['runsc-gofer', `--bundle=/run/${containerId}`],
        cgroup,
        anonKb: 9_000,
      },
      {
        pid: 11,
        ppid: 9,
        comm: 'exe',
        argv: ['runsc-sandbox', 'boot', containerId],
        cgroup,
        anonKb: 14_000,
        maps: ['application'],
      },
      { ...stub, pid: 12, ppid: 11 },
      { ...stub, pid: 13, ppid: 11 },
    ],
    { application: 98_304 },
  );
  const seen = scanContainers([containerId], [10, 11, 12, 13], tree.procRoot).processes;
  rmSync(tree.root, { recursive: true });
  expect(seen.map((each) => each.role)).toEqual(['gofer', 'sentry', 'stub', 'stub']);
  expect(totalPss(seen)).toBe((9_000 + 14_000 + 2 * 20 + 98_304) * 1024);
});

test('a captured sentry and its stubs: their parts of the shared memory add up to less than their RSS of it', () => {
  const set = join(fixtures, 'proc/runsc-idle');
  const seen = scanContainers(
    [fixture('proc/runsc-idle', 'container-id').trim()],
    fixture('proc/runsc-idle', 'cgroup.procs').split('\n').filter(Boolean).map(Number),
    join(set, 'proc'),
  ).processes;
  const sum = (file: string, key: string) =>
    seen
      .map(({ pid }) =>
        new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(fixture('proc/runsc-idle/proc', `${pid}`, file)),
      )
      .reduce((total, match) => total + Number(match?.[1]), 0);
  // The sentry maps 556 KiB of it, each of two stubs 524. The stubs are two threads of one process of the application: the
  // 1110 KiB of PSS that both show are one address space.
  expect(sum('smaps_rollup', 'Pss_Shmem')).toBe(854);
  expect(sum('status', 'RssShmem')).toBe(1_612);
  expect(totalPss(seen)).toBe((sum('smaps_rollup', 'Pss') - 1_110) * 1024);
  expect(totalPss(seen)).toBeLessThan(sum('status', 'VmRSS') * 1024);
});
