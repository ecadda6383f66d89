import type { Container } from '../engine/engine.ts';
import type { Sampling } from '../model/sampling.ts';
import type { CgroupTotals, Figure, Noise, ProcessUsage, Reading, TrialRecord } from '../model/trial.ts';

/** What was seen of a trial from outside its container. */
export interface Observed {
  readonly cgroup: CgroupTotals | null;
  readonly engineCpu: Figure;
  readonly processes: readonly ProcessUsage[];
  /** `memory.shmem` of the cgroup beside the snapshot of the processes, bytes; null where there is none. */
  readonly shmemAtSnapshotBytes: number | null;
  readonly leaked: TrialRecord['leaked'];
  readonly noise: Noise | null;
  readonly readings: readonly Reading[];
  /** What the time series cost; null where none was taken. */
  readonly sampling: Sampling | null;
}

/**
 * Watches one trial. Its calls come in this order: `prepare`, `created`, `running`, (`snapshot`), `stopped`,
 * `finish`; the first and the last two always, the others as far as the container comes. None of them throws for what a runtime did; what could not be read is absent with its reason.
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
  /** The container has ended or is given up: nothing more is read of it. Called again, it does nothing. */
  stopped(): Promise<void>;
  /** The container is gone: totals are read, leftovers ended, the cgroup removed. */
  finish(): Promise<Observed>;
}
