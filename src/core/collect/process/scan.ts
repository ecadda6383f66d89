import { readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ownProcesses } from '../../model/trial/footprint.ts';
import type { MappedPages, ProcessRole, ProcessUsage } from '../../model/trial/trial.ts';
import { vmm } from '../../runtimes/guest/roles.ts';
import { findRole } from '../../runtimes/registry.ts';
import { isEngineProcess } from '../engine-daemons.ts';
import { isHelper, namesContainer, processRole } from '../process-role.ts';
import { type OwnPages, readMappedPages, together } from './mapped-pages.ts';
import {
  cpuCgroupOf,
  type ProcessStat,
  readCmdline,
  readProcessFile,
  readPss,
  userProcesses,
} from './read.ts';

/**
 * Count the shims, sandboxes and virtual machines of containers on this host, of any engine. While no container of this
 * run exists, all of them are foreign. They share the pages of the same binaries with this run's containers. PSS then
 * divides those pages by more processes, and a container seems smaller (a shim by half).
 */
export function countSandboxHelpers(procRoot = '/proc'): number {
  return userProcesses(procRoot).filter(({ pid, comm }) =>
    isHelper(processRole({ argv: readCmdline(procRoot, pid), comm, inCgroup: false, parentRole: null })),
  ).length;
}

/** Maximum difference of two readings of one address space, shortly after each other: bytes, and as a share. */
const tolerance = { bytes: 256 * 1024, share: 0.02 } as const;

/**
 * Count each address space once. Under gVisor's systrap the threads of an application's process are separate host
 * processes (`CLONE_VM` without `CLONE_THREAD`), children of the first one. Each shows the whole PSS of the memory that
 * they share, since PSS divides by mappings and they have one. kcmp(2) would be certain but cannot be called from here.
 * Instead, a stub counts as sharing its parent's memory if the parent is a stub with the same PSS. Under ptrace the
 * stubs' common parent is a stub too, but maps next to nothing, so its children stay unchanged.
 *
 * A process that is counted with its parent keeps its entry with a PSS of 0; every other process is unchanged.
 */
export function countSharedOnce(processes: readonly ProcessUsage[]): readonly ProcessUsage[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  return processes.map((process) => {
    const parent = byPid.get(process.ppid);
    if (process.role !== parent?.role || !findRole(process.role)?.mayShareMemory) return process;
    const [own, its] = [process.pssBytes, parent.pssBytes];
    if (own === null || its === null) return process;
    if (Math.abs(own - its) > tolerance.bytes + tolerance.share * its) return process;
    return {
      ...process,
      pssBytes: 0,
      ...(process.pssShmemBytes == null ? {} : { pssShmemBytes: 0 }),
      ...(process.pssAnonBytes == null ? {} : { pssAnonBytes: 0 }),
    };
  });
}

/** QEMU's options that choose the accelerator: `-machine q35,accel=kvm`, `-accel tcg,thread=multi`, `-enable-kvm`. */
function accelerators(argv: readonly string[]): readonly string[] {
  return argv.flatMap((argument, i) => {
    const option = argument.replace(/^--?/, '');
    if (option === 'enable-kvm') return ['kvm'];
    const value = argv[i + 1] ?? '';
    if (option === 'accel') return [value];
    if (option !== 'machine' && option !== 'M') return [];
    return value
      .split(',')
      .flatMap((part) => (part.startsWith('accel=') ? [part.slice('accel='.length)] : []));
  });
}

/**
 * The software emulator of a VMM's guest CPU, by the command line; null where nothing proves emulation. Only QEMU can
 * emulate. It does so if TCG is its first choice, and if there is no choice (qemu(1), -accel). Under the name
 * `qemu-kvm`, the default is KVM.
 */
export function vmmEmulation(argv: readonly string[]): string | null {
  const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
  if (!program.startsWith('qemu')) return null;
  const [first] = accelerators(argv);
  const emulated = first === undefined ? program !== 'qemu-kvm' : /^tcg\b/.test(first);
  return emulated ? 'QEMU TCG' : null;
}

export interface ScanOptions {
  /** Where proc is mounted; a directory of captured files in tests. */
  readonly procRoot?: string;
  readonly containerId: string;
  /** Host ids of the processes in the trial's cgroup and its descendants. */
  readonly cgroupPids: readonly number[];
  /** Cgroups of the engine alone, relative to the hierarchies' roots; absent where unknown. */
  readonly engineCgroups?: readonly string[];
  /** All processes, where they were read already. */
  readonly all?: readonly ProcessStat[];
  /** Command lines by process id, where they were read already; those that are read are added. */
  readonly argvOf?: Map<number, readonly string[]>;
}

/** A process that works for the trial, with its permanent identity. */
export interface FoundProcess {
  readonly stat: ProcessStat;
  readonly argv: readonly string[];
  readonly role: ProcessRole;
  readonly inCgroup: boolean;
}

/**
 * A shim may have no id on its command line (gVisor's had none in 2024), but containerd starts it in the container's bundle.
 */
function isShimOf(containerId: string, argv: readonly string[], pid: number, procRoot: string): boolean {
  if (!basename(argv[0] ?? '').startsWith('containerd-shim-')) return false;
  try {
    return readlinkSync(join(procRoot, String(pid), 'cwd')).includes(containerId);
  } catch {
    return false;
  }
}

/**
 * Find the processes that work for a container, each once. They are those in its cgroup, and those with its id on the command
 * line, or a shim in its bundle, that the engine may have started ({@link isEngineProcess}). A VMM's parent is PID 1, so only
 * the id leads to it. Descendants of either follow. Stat and command lines are read once. This process and the daemons, which
 * serve all containers, are always excluded.
 */
export function findProcesses(options: ScanOptions): readonly FoundProcess[] {
  const { procRoot = '/proc', containerId, cgroupPids, engineCgroups = [] } = options;
  const origin = { procRoot, containerId, engineCgroups };
  const inCgroup = new Set(cgroupPids);
  const all = new Map((options.all ?? userProcesses(procRoot)).map((stat) => [stat.pid, stat]));
  if (procRoot === '/proc') all.delete(process.pid);
  const { argvOf = new Map<number, readonly string[]>() } = options;
  const members = new Set<number>();
  for (const pid of all.keys()) {
    const argv = argvOf.get(pid) ?? readCmdline(procRoot, pid);
    argvOf.set(pid, argv);
    const isOurs = namesContainer(argv, containerId) || isShimOf(containerId, argv, pid, procRoot);
    if (inCgroup.has(pid) || (isOurs && isEngineProcess(pid, origin))) members.add(pid);
  }
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const stat of all.values()) if (members.has(stat.ppid)) members.add(stat.pid);
  }
  // A process forked after the cgroup was listed also belongs to it if it has its parent's cgroup. Parents come first here.
  const cgroupOf = (pid: number) => readProcessFile(procRoot, pid, 'cgroup');
  for (const pid of members) {
    const parent = all.get(pid)?.ppid ?? 0;
    if (inCgroup.has(pid) || !inCgroup.has(parent)) continue;
    const own = cgroupOf(pid);
    if (own !== null && own === cgroupOf(parent)) inCgroup.add(pid);
  }
  const roles = new Map<number, ProcessRole>();
  const roleOf = (pid: number): ProcessRole | null => {
    const stat = all.get(pid);
    if (stat === undefined || !members.has(pid)) return null;
    const known = roles.get(pid);
    if (known !== undefined) return known;
    // Ids can be reused during the reading, so two processes may seem to be each other's parent.
    roles.set(pid, 'other');
    const role = processRole({
      argv: argvOf.get(pid) ?? [],
      comm: stat.comm,
      inCgroup: inCgroup.has(pid),
      parentRole: roleOf(stat.ppid),
    });
    roles.set(pid, role);
    return role;
  };
  return [...members].flatMap((pid) => {
    const stat = all.get(pid);
    const role = roleOf(pid);
    if (stat === undefined || role === null) return [];
    return [{ stat, argv: argvOf.get(pid) ?? [], role, inCgroup: inCgroup.has(pid) }];
  });
}

/** Snapshot of the processes that work for a trial. */
export interface ProcessScan {
  readonly processes: readonly ProcessUsage[];
  /** Pages that they map together, without the daemons; null where one process is unreadable. */
  readonly mapped: MappedPages | null;
}

interface ObservedProcess {
  readonly usage: ProcessUsage;
  readonly pages: OwnPages | null;
}

/** Read the processes, by process id, except those that are `known`; those that end meanwhile are left out. */
function observe(
  options: ScanOptions,
  known: ReadonlyMap<number, ObservedProcess>,
): readonly ObservedProcess[] {
  const procRoot = options.procRoot ?? '/proc';
  return findProcesses(options)
    .filter(({ stat }) => !known.has(stat.pid))
    .flatMap(({ stat, argv, role, inCgroup }) => {
      const pss = readPss(procRoot, stat.pid);
      if (pss === 'gone') return [];
      const { pid, ppid, comm, cpuNs } = stat;
      const pssShmemBytes = pss.parts?.shmem ?? null;
      const pssAnonBytes = pss.parts?.anon ?? null;
      const usage = {
        pid,
        ppid,
        comm,
        role,
        inCgroup,
        cpuNs,
        pssBytes: pss.bytes,
        pssShmemBytes,
        pssAnonBytes,
        ...(role === vmm.id ? { emulation: vmmEmulation(argv) } : {}),
      };
      const placed = inCgroup
        ? usage
        : { ...usage, cpuCgroup: cpuCgroupOf(readProcessFile(procRoot, pid, 'cgroup') ?? '') };
      return [{ usage: placed, pages: readMappedPages(procRoot, pid) }];
    })
    .toSorted((a, b) => a.usage.pid - b.usage.pid);
}

/** Count an address space once: a process that shares another's keeps its entry, with no pages. */
function countedOnce(seen: readonly ObservedProcess[]): ProcessScan {
  const before = seen.map(({ usage }) => usage);
  const processes = countSharedOnce(before);
  const own = new Set(ownProcesses(processes));
  const pages = seen.flatMap((one, index) => {
    const usage = processes[index];
    return usage === before[index] && usage !== undefined && own.has(usage) ? [one.pages] : [];
  });
  return { processes, mapped: pages.length === 0 ? null : together(pages) };
}

/**
 * Memory and CPU of the processes that work for the containers of one trial. PSS and pages are read only for these: the
 * kernel walks their page tables. `cgroupPids` covers all containers. Processes in the cgroup are reported with the first
 * container; a process outside it with the container that it names.
 */
export function scanContainers(
  containerIds: readonly string[],
  cgroupPids: readonly number[],
  procRoot = '/proc',
): ProcessScan {
  const found = new Map<number, ObservedProcess>();
  // Read once for all containers: hundreds of them have thousands of processes.
  const read = { procRoot, all: userProcesses(procRoot), argvOf: new Map<number, readonly string[]>() };
  containerIds.forEach((containerId, index) => {
    for (const seen of observe({ ...read, containerId, cgroupPids: index === 0 ? cgroupPids : [] }, found))
      found.set(seen.usage.pid, seen);
  });
  return countedOnce([...found.values()]);
}

/** Total PSS of the readable processes, bytes. */
export function totalPss(processes: readonly ProcessUsage[]): number {
  return processes.reduce((sum, process) => sum + (process.pssBytes ?? 0), 0);
}
