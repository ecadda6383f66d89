import { footprint, ownProcesses, resident, sumPss, unmappedShmem } from '../model/footprint.ts';
import type { ParsedValue } from '../model/metric.ts';
import type { TrialRecord } from '../model/trial.ts';

/** The memory of a trial's processes, from its record. */
export type MemorySnapshot = Pick<TrialRecord, 'processes' | 'shmemAtSnapshotBytes' | 'mappedAtSnapshot'>;

import { harnessValue } from './harness-value.ts';

/**
 * PSS of the host processes that work for a container: all, those outside its cgroup, and by role. Empty where no
 * snapshot was taken. `pss.outside` is a true 0 where every process is in the cgroup. `memory.footprint` adds the
 * shared memory that no process maps, from `memory.shmem` of the same snapshot. `memory.resident` counts every page
 * once and at its full size, whatever other processes map it.
 */
export function processMemory({
  processes,
  shmemAtSnapshotBytes,
  mappedAtSnapshot,
}: MemorySnapshot): ParsedValue[] {
  const own = ownProcesses(processes);
  const roles = [...Map.groupBy(processes, (process) => process.role)];
  const values = roles.map(([role, members]) => harnessValue(`pss.${role}`, sumPss(members)));
  if (own.length > 0) {
    const total = sumPss(own);
    values.push(harnessValue('pss.total', total));
    values.push(harnessValue('memory.unmapped_shmem', unmappedShmem(own, shmemAtSnapshotBytes)));
    values.push(harnessValue('memory.footprint', footprint(processes, shmemAtSnapshotBytes)));
    const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
    values.push(harnessValue('memory.resident', held?.bytes ?? null));
    values.push(harnessValue('memory.private', held?.privateBytes ?? null));
    // One unreadable process may belong to either side; without the total, the part is not reliable either.
    if (total !== null)
      values.push(harnessValue('pss.outside', sumPss(own.filter((process) => !process.inCgroup))));
  }
  return values.filter((value) => value !== null).sort((a, b) => (a.metric < b.metric ? -1 : 1));
}
