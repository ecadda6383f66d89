import type { Clock } from '../../../app/reporter.ts';
import type { CgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import { readEngineCpu } from '../../../core/collect/engine-cgroup.ts';
import { cpuCgroupOf, cpuOfThreadsIn, readProcessFile } from '../../../core/collect/process/read.ts';
import { findProcesses } from '../../../core/collect/process/scan.ts';
import { takeSnapshot } from '../../../core/collect/sampler.ts';
import type { HostContext } from '../../../core/measure/execute/host-context.ts';
import { isDaemon, ownProcesses, resident } from '../../../core/model/trial/footprint.ts';
import type { ProcessUsage } from '../../../core/model/trial/trial.ts';
import { families } from '../../../core/runtimes/registry.ts';
import type { ServiceUse } from '../record.ts';
import type { ServiceUp, StackUp } from '../trying/try.ts';

/** The place of an engine and its containers. */
export type CounterPlace = Pick<HostContext, 'engineCgroups'> & {
  readonly layout: CgroupLayout;
  /** Where proc is mounted; a directory of captured files in tests. */
  readonly procRoot?: string;
};

/** A process outside of the cgroup of its container: a shim, a virtual machine. */
interface OutsideProcess {
  /** Without those of its threads that the cgroup of the container counts. */
  readonly cpuNs: number;
  /** Is it in a cgroup of the engine, whose CPU time it is part of then? */
  readonly inEngine: boolean;
}

/** CPU times at one moment. */
export interface CpuReading {
  /** When the cgroups were read, on the clock, ms. */
  readonly at: number;
  /** CPU time of the engine's cgroups, ns; null where it cannot be told apart. */
  readonly engineNs: number | null;
  /** Service → CPU time in its cgroup, ns; null where unreadable. */
  readonly inCgroup: ReadonlyMap<string, number | null>;
  /** Service → its processes outside of the cgroup, by process id. */
  readonly outside: ReadonlyMap<string, ReadonlyMap<number, OutsideProcess>>;
}

/** The cgroup of a service. */
type CountedCgroup = Pick<ServiceUp['cgroup'], 'path' | 'pids'>;

const enginePaths = ({ engineCgroups }: CounterPlace): readonly string[] =>
  'paths' in engineCgroups ? engineCgroups.paths : [];

/** Cgroups of runtimes for what is beside their guests: `readEngineCpu` counts them with the engine. */
const overheadPaths = families.flatMap(({ overheadCgroups }) => overheadCgroups?.shared ?? []);

/**
 * The processes of a service outside of its cgroup. CPU time of processes comes in steps of 10 ms (proc_pid_stat(5)). A virtual
 * machine is the service's as well, wherever it is counted, but for its threads in the service's cgroup, which counts them.
 */
function outsideOf(
  { containerId, cgroup }: Pick<ServiceUp, 'containerId'> & { readonly cgroup: CountedCgroup },
  place: CounterPlace,
): ReadonlyMap<number, OutsideProcess> {
  const { layout, procRoot = '/proc' } = place;
  const engine = enginePaths(place);
  const found = findProcesses({ procRoot, containerId, cgroupPids: cgroup.pids(), engineCgroups: engine });
  return new Map(
    found
      .filter(({ inCgroup, role }) => !inCgroup && !isDaemon(role))
      .map(({ stat: { pid, cpuNs } }) => {
        const path = cpuCgroupOf(readProcessFile(procRoot, pid, 'cgroup') ?? '') ?? '';
        const inEngine = [...engine, ...overheadPaths].some(
          (one) => engine.length > 0 && (path === `/${one}` || path.startsWith(`/${one}/`)),
        );
        // With cgroup v2 the threads of a process are together.
        const counted = layout.kind === 'v2' ? 0 : cpuOfThreadsIn(procRoot, pid, `/${cgroup.path}`);
        return [pid, { cpuNs: Math.max(0, cpuNs - counted), inEngine }] as const;
      }),
  );
}

/**
 * Reads the CPU times of services and engine. The cgroups are read within a millisecond, at `at`: at the begin of a window after
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
  const [engineNs, at] = [engineCpu(place), clock.now()];
  return { at, engineNs, inCgroup, outside: before ?? scan() };
}

/** CPU time of the engine's cgroups so far, ns; null where it cannot be told apart. */
export function engineCpu(place: CounterPlace): number | null {
  const figure = readEngineCpu(place.layout, enginePaths(place));
  return 'value' in figure ? figure.value : null;
}

/** What a service used between two readings. */
export interface UsedCpu {
  readonly cpuNs: number | null;
  readonly outsideNs: number;
  /** The part of `outsideNs` that the engine's cgroups have counted, too. */
  readonly inEngineNs: number;
}

/** What services used between two readings. A process that began or ended meanwhile is part of the engine's. */
export function usedBetween(begin: CpuReading, end: CpuReading): ReadonlyMap<string, UsedCpu> {
  return new Map(
    [...end.inCgroup].map(([service, after]) => {
      const before = begin.inCgroup.get(service) ?? null;
      const used = [...(end.outside.get(service) ?? [])].flatMap(([pid, { cpuNs, inEngine }]) => {
        const since = begin.outside.get(service)?.get(pid);
        return since === undefined ? [] : [{ ns: Math.max(0, cpuNs - since.cpuNs), inEngine }];
      });
      const sum = (of: typeof used) => of.reduce((all, { ns }) => all + ns, 0);
      return [
        service,
        {
          cpuNs: before === null || after === null ? null : after - before,
          outsideNs: sum(used),
          inEngineNs: sum(used.filter(({ inEngine }) => inEngine)),
        },
      ] as const;
    }),
  );
}

/** The engine's part between two readings: without the services' processes, and those of `others`, in its cgroups. */
export function enginePart(
  begin: number | null,
  end: number | null,
  used: ReadonlyMap<string, UsedCpu>,
  others: ReadonlyMap<number, OutsideProcess> = new Map(),
): number | null {
  if (begin === null || end === null) return null;
  const ofServices = [...used.values()].reduce((sum, { inEngineNs }) => sum + inEngineNs, 0);
  const ofOthers = [...others.values()].reduce((sum, each) => sum + (each.inEngine ? each.cpuNs : 0), 0);
  return Math.max(0, end - begin - ofServices - ofOthers);
}

export { outsideOf };

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
