import type { Container } from '../engine/engine.ts';
import type { Sampling } from '../model/sampling.ts';
import type {
  CgroupTotals,
  Figure,
  MappedPages,
  Noise,
  ProcessUsage,
  Reading,
  TrialRecord,
} from '../model/trial.ts';

/** What was seen of a trial from outside its container. */
export interface Observed {
  readonly cgroup: CgroupTotals | null;
  readonly engineCpu: Figure;
  readonly processes: readonly ProcessUsage[];
  /** `memory.shmem` of the cgroup beside the snapshot of the processes, bytes; null where there is none. */
  readonly shmemAtSnapshotBytes: number | null;
  /** What the processes of that snapshot map together; null where it could not be read, or none was taken. */
  readonly mappedAtSnapshot: MappedPages | null;
  readonly leaked: TrialRecord['leaked'];
  readonly noise: Noise | null;
  readonly readings: readonly Reading[];
  /** What the time series cost; null where none was taken. */
  readonly sampling: Sampling | null;
}

/** CPU time used so far, ns; null where it cannot be read. */
export interface CpuNow {
  readonly cgroupNs: number | null;
  readonly engineNs: number | null;
}

/** Memory of everything in a trial from three sides, bytes over all its containers. */
export interface MemoryNow {
  /** Charged to the trial's cgroup and not reclaimable. */
  readonly charged: Figure;
  /** PSS of all processes that work for its containers, and shared memory that none of them maps. */
  readonly footprint: Figure;
  /** The same with every page at its full size, whoever else maps it, and once for all of them. */
  readonly resident: Figure;
  /** The host's MemAvailable, which knows nothing of cgroups and processes; the median of several readings. */
  readonly available: Figure;
}

/** How a trial ended, as far as it matters to who looks at what it left. */
interface TrialEnd {
  /** Did it go well? Then what works for it may take its time to end by itself. */
  readonly well: boolean;
  /** CPU time, ns, that other containers of the trial used, so that it is not taken for noise. */
  readonly otherCpuNs: number;
}

/**
 * Watches one trial. Its calls come in this order: `prepare`, `created` (once a container), `running`, (`snapshot`,
 * `cpuNow`, `memoryNow`, `availableNow`, `limits`), `stopped`, `endProcesses`, `finish`; the first, `stopped` and `finish`
 * always, the others as far as the container comes. None of them throws for what a runtime did; what could not be read is absent with its reason.
 */
export interface TrialObserver {
  /** Parent cgroup for the container; null where the engine's cgroups are not reachable from here. */
  readonly cgroupParent: string | null;
  prepare(): Promise<void>;
  /** The container exists; nothing may be read yet. */
  created(container: Container): void;
  /** The container runs: a time series may start. */
  running(): void;
  /** One reading of cgroup and processes, now. */
  snapshot(): Promise<void>;
  cpuNow(): CpuNow;
  memoryNow(): Promise<MemoryNow>;
  /** One quick reading of the host's MemAvailable, bytes. */
  availableNow(): Figure;
  /** The limits that the kernel holds the container to; see the step `limits`. */
  limits(): Readonly<Record<string, Figure>>;
  /** The container has ended or is given up: nothing more is read of it. Called again, it does nothing. */
  stopped(): Promise<void>;
  /** The engine cannot remove the containers: every process that works for them is ended, and told by `finish`. */
  endProcesses(): Promise<void>;
  /** The container is gone: totals are read, leftovers ended, the cgroup removed. */
  finish(end: TrialEnd): Promise<Observed>;
}
