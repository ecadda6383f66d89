import type { Container } from '../../engine/engine.ts';
import type { Sampling } from '../../model/run/sampling.ts';
import type {
  CgroupTotals,
  Figure,
  MappedPages,
  Mark,
  MarkName,
  Noise,
  ProcessUsage,
  Reading,
  TrialRecord,
} from '../../model/trial/trial.ts';

/** Collects marks, with times relative to the first mark, or, for a part of a trial, to the first mark of that trial. */
export class Marks {
  readonly list: Mark[] = [];
  readonly now: () => bigint;
  readonly #whole: Marks | null;
  #origin: bigint | null = null;

  constructor(now: () => bigint, whole: Marks | null = null) {
    this.now = now;
    this.#whole = whole;
  }

  /** The instant from which marks are counted; the first call sets it. */
  origin(at: bigint): bigint {
    if (this.#whole !== null) return this.#whole.origin(at);
    this.#origin ??= at;
    return this.#origin;
  }

  set(name: MarkName, at: bigint = this.now()): void {
    this.list.push({ name, atNs: Math.max(0, Number(at - this.origin(at))) });
  }
}

/** Observations of a trial from outside its container. */
export interface TrialObservations {
  readonly cgroup: CgroupTotals | null;
  readonly engineCpu: Figure;
  readonly processes: readonly ProcessUsage[];
  /** `memory.shmem` of the cgroup at the snapshot of the processes, bytes; null where there is none. */
  readonly shmemAtSnapshotBytes: number | null;
  /** Memory that the processes of that snapshot map together; null where it was not read. */
  readonly mappedAtSnapshot: MappedPages | null;
  readonly leaked: TrialRecord['leaked'];
  readonly noise: Noise | null;
  readonly readings: readonly Reading[];
  /** Cost of the time series; null where none was taken. */
  readonly sampling: Sampling | null;
}

/** CPU time used so far, ns; null where it cannot be read. */
export interface CpuNow {
  readonly cgroupNs: number | null;
  readonly engineNs: number | null;
}

/** Memory of all containers of a trial, measured in four ways, bytes. */
export interface MemoryNow {
  /** Memory charged to the trial's cgroup that cannot be reclaimed. */
  readonly charged: Figure;
  /** PSS of all processes that work for its containers, plus shared memory that none of them maps. */
  readonly footprint: Figure;
  /** The same processes' memory with every page counted once at its full size, however many processes map it. */
  readonly resident: Figure;
  /**
   * The host's MemAvailable and the free pages of its CPUs, which are independent of cgroups and processes; the median of
   * several readings.
   */
  readonly available: Figure;
}

/** The end of a trial, as the search for leftovers needs it. */
interface TrialEnd {
  /** Did it succeed? Then its processes get time to end by themselves. */
  readonly succeeded: boolean;
  /** CPU time, ns, that other containers of the trial used; it does not count as noise. */
  readonly otherCpuNs: number;
}

/**
 * Observes one trial. The order of calls is: `prepare`, `created` (once a container), `running`, (`snapshot`, `cpuNow`,
 * `memoryNow`, `availableNow`, `limits`), `stopped`, `endProcesses`, `finish`. `prepare`, `stopped` and `finish` are
 * always called, the others as far as the container gets. No call throws for a fault of a runtime: a figure that could
 * not be read is absent with its reason.
 */
export interface TrialObserver {
  /** Parent cgroup for the container; null where the engine's cgroups are not reachable from here. */
  readonly cgroupParent: string | null;
  prepare(): Promise<void>;
  /** The container exists; its files must not be read yet. */
  created(container: Container): void;
  /** The container runs; a time series may start. */
  running(): void;
  /** Reads cgroup and processes once. */
  snapshot(): Promise<void>;
  cpuNow(): CpuNow;
  memoryNow(): Promise<MemoryNow>;
  /** Takes one quick reading of `available`, bytes. */
  availableNow(): Figure;
  /** The limits that the kernel applies to the container; see the step `limits`. */
  limits(): Readonly<Record<string, Figure>>;
  /** The container has ended or was given up: stops reading. A second call does nothing. */
  stopped(): Promise<void>;
  /** Ends every process of containers that the engine cannot remove; `finish` reports these processes. */
  endProcesses(): Promise<void>;
  /** The container was removed: reads totals, ends leftovers and removes the cgroup. */
  finish(end: TrialEnd): Promise<TrialObservations>;
}
