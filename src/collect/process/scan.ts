import { ownProcesses } from '../../model/footprint.ts';
import type { MappedPages, ProcessRole, ProcessUsage } from '../../model/trial.ts';
import { vmm } from '../../runtimes/guest/roles.ts';
import { isEngineProcess } from '../engine-process.ts';
import { namesContainer, processRole } from '../process-role.ts';
import { type OwnPages, readMappedPages, together } from './mapped-pages.ts';
import { cpuCgroupOf, type ProcessStat } from './parse.ts';
import { readCmdline, readProcessFile, readPss, userProcesses } from './read.ts';
import { countSharedOnce } from './shared-address-space.ts';
import { vmmEmulation } from './vmm-emulation.ts';

export interface ScanOptions {
  /** Where proc is mounted; a directory of captured files in tests. */
  readonly procRoot?: string;
  readonly containerId: string;
  /** Host ids of the processes in the trial's cgroup and below it. */
  readonly cgroupPids: readonly number[];
  /** Cgroups of the engine alone, relative to the hierarchies' roots; left out where they are not known. */
  readonly engineCgroups?: readonly string[];
}

/** A process that works for the trial, with what names it for good. */
export interface FoundProcess {
  readonly stat: ProcessStat;
  readonly argv: readonly string[];
  readonly role: ProcessRole;
  readonly inCgroup: boolean;
}

/**
 * The processes that work for a container, each once: those in its cgroup, those whose command line carries
 * its id (a VMM's parent is PID 1, so nothing else leads to it) and that the engine can have started
 * ({@link isEngineProcess}), and what descends from either. One pass over stat and command lines; this process and the
 * daemons, which serve all containers, are never among them.
 */
export function findProcesses(options: ScanOptions): readonly FoundProcess[] {
  const { procRoot = '/proc', containerId, cgroupPids, engineCgroups = [] } = options;
  const origin = { procRoot, containerId, engineCgroups };
  const inCgroup = new Set(cgroupPids);
  const all = new Map(userProcesses(procRoot).map((stat) => [stat.pid, stat]));
  if (procRoot === '/proc') all.delete(process.pid);
  const argvOf = new Map<number, readonly string[]>();
  const members = new Set<number>();
  for (const pid of all.keys()) {
    const argv = readCmdline(procRoot, pid);
    argvOf.set(pid, argv);
    if (inCgroup.has(pid) || (namesContainer(argv, containerId) && isEngineProcess(pid, origin)))
      members.add(pid);
  }
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const stat of all.values()) if (members.has(stat.ppid)) members.add(stat.pid);
  }
  // Who was forked after the cgroup was listed is in it too, if it is where its parent is. Parents come first here.
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
    // Ids can be reused while we read, so two processes may seem to be each other's parent.
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

/** A look at the processes that work for a trial. */
export interface ProcessScan {
  readonly processes: readonly ProcessUsage[];
  /** What they map together, the daemons left out; null where one of them could not be read. */
  readonly mapped: MappedPages | null;
}

interface Seen {
  readonly usage: ProcessUsage;
  readonly pages: OwnPages | null;
}

/** By process id; who ends meanwhile is left out. */
function look(options: ScanOptions): readonly Seen[] {
  const procRoot = options.procRoot ?? '/proc';
  return findProcesses(options)
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

/** An address space counts once: a process that shares another's keeps its place, and has no pages of its own. */
function countedOnce(seen: readonly Seen[]): ProcessScan {
  const before = seen.map(({ usage }) => usage);
  const processes = countSharedOnce(before);
  const own = new Set(ownProcesses(processes));
  const pages = seen.flatMap((one, index) => {
    const usage = processes[index];
    return usage === before[index] && usage !== undefined && own.has(usage) ? [one.pages] : [];
  });
  return { processes, mapped: pages.length === 0 ? null : together(pages) };
}

/** Memory and CPU of the processes that work for a container. PSS and pages are read of these only: the kernel walks their page tables. */
export function scanProcesses(options: ScanOptions): ProcessScan {
  return countedOnce(look(options));
}

/**
 * The same for all containers of one trial; `cgroupPids` are those of all. What is in the cgroup is found with the first
 * container, what is outside it with the container that it names.
 */
export function scanContainers(containerIds: readonly string[], cgroupPids: readonly number[]): ProcessScan {
  const found = new Map<number, Seen>();
  containerIds.forEach((containerId, index) => {
    for (const seen of look({ containerId, cgroupPids: index === 0 ? cgroupPids : [] }))
      if (!found.has(seen.usage.pid)) found.set(seen.usage.pid, seen);
  });
  return countedOnce([...found.values()]);
}

/** Total PSS in bytes of those that could be read. */
export function totalPss(processes: readonly ProcessUsage[]): number {
  return processes.reduce((sum, process) => sum + (process.pssBytes ?? 0), 0);
}
