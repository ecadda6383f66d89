import type { MappedPages, ProcessRole, ProcessUsage } from './trial.ts';

const daemons: ReadonlySet<ProcessRole> = new Set(['dockerd', 'containerd']);

/** Is a process of this role shared by all containers, so that it is not part of what one container costs? */
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
 * Shared memory that is charged to the cgroup but mapped by none of its processes, bytes: gVisor's sentry keeps the
 * application's memory in a memfd, of which its stubs map only what the application touched since it was last mapped
 * there; and files in a tmpfs. PSS sees nothing of either. Null where a part of it is unknown.
 */
export function unmappedShmem(processes: readonly ProcessUsage[], shmemBytes: number | null): number | null {
  if (shmemBytes === null) return null;
  let mapped = 0;
  for (const { inCgroup, pssShmemBytes } of processes) {
    if (!inCgroup) continue;
    if (pssShmemBytes === null || pssShmemBytes === undefined) return null;
    mapped += pssShmemBytes;
  }
  return Math.max(0, shmemBytes - mapped);
}

/** PSS of the own processes and the shared memory that none of them maps, bytes; null where a part is unknown. */
export function footprint(processes: readonly ProcessUsage[], shmemBytes: number | null): number | null {
  const own = ownProcesses(processes);
  const [total, unmapped] = [sumPss(own), unmappedShmem(own, shmemBytes)];
  return own.length === 0 || total === null || unmapped === null ? null : total + unmapped;
}

/** Memory, bytes, that does not depend on who else maps the same files. */
export interface Resident {
  readonly bytes: number;
  /** Without the files that containers of the same programs share: what one more of them costs. */
  readonly privateBytes: number;
}

/**
 * Every page that the own processes hold, once and at its full size: their anonymous memory, the files and the shared memory
 * that they map together, and the shared memory that none of them maps. Null where a part is unknown.
 */
export function resident(
  processes: readonly ProcessUsage[],
  shmemBytes: number | null,
  mapped: MappedPages | null,
): Resident | null {
  const own = ownProcesses(processes);
  const unmapped = unmappedShmem(own, shmemBytes);
  if (own.length === 0 || mapped === null || unmapped === null) return null;
  let bytes = mapped.bytes + unmapped;
  for (const { pssAnonBytes } of own) {
    if (pssAnonBytes === null || pssAnonBytes === undefined) return null;
    bytes += pssAnonBytes;
  }
  return { bytes, privateBytes: bytes - mapped.shareableBytes };
}
