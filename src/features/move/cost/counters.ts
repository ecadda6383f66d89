import type { Clock } from '../../../app/reporter.ts';
import type { CgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import { cpuOfThreadsIn } from '../../../core/collect/process/read.ts';
import { findProcesses } from '../../../core/collect/process/scan.ts';
import { takeSnapshot } from '../../../core/collect/sampler.ts';
import type { HostContext } from '../../../core/measure/execute/host-context.ts';
import { isDaemon, ownProcesses, resident } from '../../../core/model/trial/footprint.ts';
import type { ProcessUsage } from '../../../core/model/trial/trial.ts';
import type { ServiceUse } from '../record.ts';
import type { ServiceUp, StackUp } from '../trying/try.ts';

/** The place of an engine and its containers. */
export type CounterPlace = Pick<HostContext, 'engineCgroups'> & {
  readonly layout: CgroupLayout;
  /** Where proc is mounted; a directory of captured files in tests. */
  readonly procRoot?: string;
};

/** CPU times at one moment. */
export interface CpuReading {
  /** When the cgroups were read, on the clock, ms. */
  readonly at: number;
  /** Service → CPU time in its cgroup, ns; null where unreadable. */
  readonly inCgroup: ReadonlyMap<string, number | null>;
  /** Service → CPU time of its processes outside of the cgroup (shim, virtual machine) by process id, ns. */
  readonly outside: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** The cgroup of a service. */
type CountedCgroup = Pick<ServiceUp['cgroup'], 'path' | 'pids'>;

/**
 * The processes of a service outside of its cgroup. CPU time of processes comes in steps of 10 ms (proc_pid_stat(5)). A virtual
 * machine is the service's as well, wherever it is counted, but for its threads in the service's cgroup, which counts them.
 */
function outsideOf(
  { containerId, cgroup }: Pick<ServiceUp, 'containerId'> & { readonly cgroup: CountedCgroup },
  place: CounterPlace,
): ReadonlyMap<number, number> {
  const { layout, procRoot = '/proc', engineCgroups } = place;
  const engine = 'paths' in engineCgroups ? engineCgroups.paths : [];
  const found = findProcesses({ procRoot, containerId, cgroupPids: cgroup.pids(), engineCgroups: engine });
  return new Map(
    found
      .filter(({ inCgroup, role }) => !inCgroup && !isDaemon(role))
      .map(({ stat: { pid, cpuNs } }) => {
        // With cgroup v2 the threads of a process are together.
        const counted = layout.kind === 'v2' ? 0 : cpuOfThreadsIn(procRoot, pid, `/${cgroup.path}`);
        return [pid, Math.max(0, cpuNs - counted)] as const;
      }),
  );
}

/**
 * Reads the CPU times of services. The cgroups are read within a millisecond, at `at`: at the begin of a window after
 * the processes, which take longer, at its end before them.
 */
export function readCpuTimes(
  services: readonly ServiceUp[],
  place: CounterPlace,
  { clock, isEnd }: { readonly clock: Clock; readonly isEnd: boolean },
): CpuReading {
  const scan = () => new Map(services.map((each) => [each.service, outsideOf(each, place)] as const));
  const before = isEnd ? null : scan();
  const inCgroup = new Map(services.map(({ service, cgroup }) => [service, cgroup.cpuNow()] as const));
  return { at: clock.now(), inCgroup, outside: before ?? scan() };
}

/** What a service used between two readings. */
export interface UsedCpu {
  readonly cpuNs: number | null;
  readonly outsideNs: number;
}

/** What services used between two readings. A process that began or ended meanwhile is not counted. */
export function usedBetween(begin: CpuReading, end: CpuReading): ReadonlyMap<string, UsedCpu> {
  return new Map(
    [...end.inCgroup].map(([service, after]) => {
      const before = begin.inCgroup.get(service) ?? null;
      const used = [...(end.outside.get(service) ?? [])].map(([pid, ns]) => {
        const since = begin.outside.get(service)?.get(pid);
        return since === undefined ? 0 : Math.max(0, ns - since);
      });
      const cpuNs = before === null || after === null ? null : after - before;
      return [service, { cpuNs, outsideNs: used.reduce((all, each) => all + each, 0) }] as const;
    }),
  );
}

/** Memory of a service that runs, bytes; null where a part could not be read. */
type UsedMemory = Pick<ServiceUse, 'privateBytes' | 'outsideBytes'>;

/** Reads the memory of a service that runs. */
export async function memoryOf(
  { containerId, cgroup }: ServiceUp,
  { trialId }: Pick<StackUp, 'trialId'>,
): Promise<UsedMemory> {
  const { reading, processes, mapped } = await takeSnapshot({
    trialId,
    containerIds: [containerId],
    cgroup,
    sinceStartNs: () => 0,
  });
  const held = resident(processes, reading.figures['memory.shmem'] ?? null, mapped);
  const kernel = reading.figures['memory.kernel'] ?? 0;
  return { privateBytes: held === null ? null : held.privateBytes + kernel, ...outsideMemory(processes) };
}

/** The memory of a service's processes outside of its cgroup. */
export function outsideMemory(processes: readonly ProcessUsage[]): Omit<UsedMemory, 'privateBytes'> {
  const outside = ownProcesses(processes).filter(({ inCgroup }) => !inCgroup);
  // The memory of a guest can be shared memory.
  const bytes = outside.map(({ pssAnonBytes, pssShmemBytes }) =>
    pssAnonBytes === null ? Number.NaN : pssAnonBytes + (pssShmemBytes ?? 0),
  );
  const sum = bytes.reduce((all, each) => all + each, 0);
  return { outsideBytes: Number.isNaN(sum) ? null : sum };
}
