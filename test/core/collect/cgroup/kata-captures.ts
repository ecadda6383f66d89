import { join } from 'node:path';
import type { CgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';
import { scanContainers } from '../../../../src/core/collect/process/scan.ts';
import type { ProcessUsage } from '../../../../src/core/model/trial/trial.ts';
import { fixture, fixtures } from '../fixture-files.ts';

const idOf = (set: string) => fixture('kata', set, 'container-id').trim();

/** The processes that the collector finds in a set of `fixtures/kata`. */
export function capturedScan(set: string): readonly ProcessUsage[] {
  return scanContainers(
    [idOf(set)],
    fixture('kata', set, 'cgroup.procs').split('\n').filter(Boolean).map(Number),
    join(fixtures, 'kata', set, 'proc'),
  ).processes;
}

/** The sandbox's host cgroup, relative to the hierarchies' roots; of the set with a parent of its own, that parent. */
export function kataCgroup(set: string): string {
  const parent = set === 'v2-virtiofs-3.25.0' ? 'ocitest/trial1' : 'docker';
  return `${parent}/kata_${idOf(set)}`;
}

/** The hierarchies of a set, as far as they were captured. */
export function capturedLayout(set: string): CgroupLayout {
  const controllers = ['blkio', 'cpu', 'cpuacct', 'memory', 'pids'];
  const v1 = Object.fromEntries(
    controllers.map((controller) => [controller, join(fixtures, 'kata', set, 'cgroup', controller)]),
  );
  return { kind: 'v1', unified: null, v1, mounts: Object.values(v1), controllers };
}

/** What whoever captured a set wrote down of each process (`processes.txt`), by process id. */
export function capturedRows(set: string) {
  const [, ...lines] = fixture('kata', set, 'processes.txt').trimEnd().split('\n');
  return lines.map((line) => {
    const [pid, ppid, , comm, , pss, , , memoryCgroup] = line.split(' ');
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      comm,
      pssKb: Number(pss),
      memoryCgroup: memoryCgroup ?? '',
    };
  });
}

/** A line of /proc/<pid>/status in KiB (`VmRSS`, `RssShmem`). */
export function statusKb(set: string, pid: number, key: string): number {
  const text = fixture('kata', set, 'proc', `${pid}`, 'status');
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? NaN);
}
