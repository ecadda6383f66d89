import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';
import { put } from './fake-hierarchy.ts';

/** A process as documentation describes it; what it maps is named, so that shared memory is shared. */
export interface TreeProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  readonly argv: readonly string[];
  /** Absolute path of its cgroup2. */
  readonly cgroup: string;
  readonly anonKb: number;
  /** Regions of shared memory it maps, by name. */
  readonly maps?: readonly string[];
}

/** A host with cgroup v2 on which one sandbox runs, as files: nothing in it was captured. */
export interface SandboxTree {
  readonly procRoot: string;
  readonly layout: CgroupLayout;
  /** The directory above both; the caller removes it. */
  readonly root: string;
  /** Sets what a cgroup and those above it have counted so far, in µs, as `cpu.stat` does. */
  setCpu(cgroup: string, usec: number): void;
}

/**
 * Writes /proc and cgroup2 files for `processes`. A region counts whole in the RSS of each process that maps it,
 * and in equal parts in their PSS (Documentation/filesystems/proc.rst, smaps).
 */
export function sandboxTree(
  processes: readonly TreeProcess[],
  regionsKb: Readonly<Record<string, number>> = {},
): SandboxTree {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-sandbox-'));
  const procRoot = join(root, 'proc');
  const unified = join(root, 'cgroup');
  mkdirSync(unified);
  const mappers = (region: string) => processes.filter((each) => each.maps?.includes(region)).length;
  for (const { pid, ppid, comm, argv, cgroup, anonKb, maps = [] } of processes) {
    const at = (file: string) => join(procRoot, String(pid), file);
    const shared = maps.map((region) => ({ kb: regionsKb[region] ?? 0, by: mappers(region) }));
    const rssShmem = shared.reduce((sum, each) => sum + each.kb, 0);
    const pssShmem = shared.reduce((sum, each) => sum + each.kb / each.by, 0);
    put(
      at('stat'),
      `${pid} (${comm}) S ${ppid} ${pid} ${pid} 0 -1 4194560 0 0 0 0 20 5 0 0 20 0 1 0 ${pid} 0 0\n`,
    );
    put(at('cmdline'), argv.map((argument) => `${argument}\0`).join(''));
    put(at('cgroup'), `0::${cgroup}\n`);
    put(
      at('smaps_rollup'),
      `Rss: ${anonKb + rssShmem} kB\nPss: ${anonKb + pssShmem} kB\nPss_Anon: ${anonKb} kB\nPss_Shmem: ${pssShmem} kB\n`,
    );
    put(
      at('status'),
      `Name:\t${comm}\nUid:\t0\t0\t0\t0\nVmRSS:\t${anonKb + rssShmem} kB\nRssShmem:\t${rssShmem} kB\n`,
    );
  }
  for (const cgroup of new Set(processes.map((each) => each.cgroup))) {
    const pids = processes.filter((each) => each.cgroup === cgroup).map((each) => `${each.pid}\n`);
    put(join(unified, cgroup, 'cgroup.procs'), pids.join(''));
  }
  return {
    root,
    procRoot,
    layout: { kind: 'v2', unified, v1: {}, mounts: [unified], controllers: ['cpu', 'memory', 'pids'] },
    setCpu: (cgroup, usec) => put(join(unified, cgroup, 'cpu.stat'), `usage_usec ${usec}\n`),
  };
}
