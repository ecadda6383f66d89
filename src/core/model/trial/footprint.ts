import type { MappedPages, ProcessRole, ProcessUsage } from './trial.ts';

const daemons: ReadonlySet<ProcessRole> = new Set(['dockerd', 'containerd']);

/** True if all containers share a process of this role, so that it is not a cost of one container. */
export function isDaemon(role: ProcessRole): boolean {
  return daemons.has(role);
}

/** The processes that exist for the container: all but the daemons. */
export function ownProcesses(processes: readonly ProcessUsage[]): readonly ProcessUsage[] {
  return processes.filter((process) => !isDaemon(process.role));
}

/** Sum of PSS in bytes; null where one process could not be read, since the sum would be too small. */
export function sumPss(processes: readonly ProcessUsage[]): number | null {
  let sum = 0;
  for (const { pssBytes } of processes) {
    if (pssBytes === null) return null;
    sum += pssBytes;
  }
  return sum;
}

/**
 * Shared memory that is charged to the cgroup but mapped by none of its processes, bytes. gVisor's sentry keeps the
 * application's memory in a memfd. Its stubs map only the pages that the application touched since their last mapping.
 * Files in a tmpfs are the other case. PSS counts neither. Null where a part is unknown.
 */
export function unmappedShmem(processes: readonly ProcessUsage[], shmemBytes: number | null): number | null {
  if (shmemBytes === null) return null;
  let mapped = 0;
  for (const { inCgroup, pssShmemBytes } of processes) {
    if (!inCgroup) continue;
    if (pssShmemBytes === null) return null;
    mapped += pssShmemBytes;
  }
  return Math.max(0, shmemBytes - mapped);
}

/** PSS of the own processes plus the shared memory that none of them maps, bytes; null where a part is unknown. */
export function footprint(processes: readonly ProcessUsage[], shmemBytes: number | null): number | null {
  const own = ownProcesses(processes);
  const [total, unmapped] = [sumPss(own), unmappedShmem(own, shmemBytes)];
  return own.length === 0 || total === null || unmapped === null ? null : total + unmapped;
}

/** Memory, bytes, independent of other processes that map the same files. */
export interface ResidentMemory {
  readonly bytes: number;
  /** Size without files that containers of the same programs share: the memory that one more container costs. */
  readonly privateBytes: number;
}

/**
 * Memory of the own processes with every page counted once at its full size: the sum of their anonymous memory, the
 * files and shared memory that they map, and the shared memory that none of them maps. Null where a part is unknown.
 */
export function resident(
  processes: readonly ProcessUsage[],
  shmemBytes: number | null,
  mapped: MappedPages | null,
): ResidentMemory | null {
  const own = ownProcesses(processes);
  const unmapped = unmappedShmem(own, shmemBytes);
  if (own.length === 0 || mapped === null || unmapped === null) return null;
  let bytes = mapped.bytes + unmapped;
  for (const { pssAnonBytes } of own) {
    if (pssAnonBytes === null) return null;
    bytes += pssAnonBytes;
  }
  return { bytes, privateBytes: bytes - mapped.shareableBytes };
}
