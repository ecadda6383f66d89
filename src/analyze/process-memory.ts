import type { ParsedValue } from '../model/metric.ts';
import type { ProcessRole, ProcessUsage } from '../model/trial.ts';
import { harnessValue } from './harness-value.ts';

/** Shared by all containers, so not part of what one container costs. */
const daemons: ReadonlySet<ProcessRole> = new Set(['dockerd', 'containerd']);

/** Sum of PSS in bytes; null where one process could not be read, since the sum would be too small. */
function sumPss(processes: readonly ProcessUsage[]): number | null {
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
function unmappedShmem(processes: readonly ProcessUsage[], shmemBytes: number | null): number | null {
  if (shmemBytes === null) return null;
  let mapped = 0;
  for (const { inCgroup, pssShmemBytes } of processes) {
    if (!inCgroup) continue;
    if (pssShmemBytes === null || pssShmemBytes === undefined) return null;
    mapped += pssShmemBytes;
  }
  return Math.max(0, shmemBytes - mapped);
}

/**
 * PSS of the host processes that work for a container: all, those outside its cgroup, and by role. Nothing
 * where no snapshot was taken. `pss.outside` is a true 0 where every process is in the cgroup.
 * `memory.footprint` adds the shared memory that no process maps, from `memory.shmem` beside the same snapshot.
 */
export function processMemory(
  processes: readonly ProcessUsage[],
  shmemAtSnapshotBytes: number | null,
): ParsedValue[] {
  const own = processes.filter((process) => !daemons.has(process.role));
  const roles = [...Map.groupBy(processes, (process) => process.role)];
  const values = roles.map(([role, members]) => harnessValue(`pss.${role}`, sumPss(members)));
  if (own.length > 0) {
    const total = sumPss(own);
    values.push(harnessValue('pss.total', total));
    const unmapped = unmappedShmem(own, shmemAtSnapshotBytes);
    values.push(harnessValue('memory.unmapped_shmem', unmapped));
    if (total !== null && unmapped !== null) values.push(harnessValue('memory.footprint', total + unmapped));
    // One unreadable process may be charged to either side; without the total the part is not believed either.
    if (total !== null)
      values.push(harnessValue('pss.outside', sumPss(own.filter((process) => !process.inCgroup))));
  }
  return values.filter((value) => value !== null).sort((a, b) => (a.metric < b.metric ? -1 : 1));
}
