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
 * PSS of the host processes that work for a container: all, those outside its cgroup, and by role. Nothing
 * where no snapshot was taken. `pss.outside` is a true 0 where every process is in the cgroup.
 */
export function processMemory(processes: readonly ProcessUsage[]): ParsedValue[] {
  const own = processes.filter((process) => !daemons.has(process.role));
  const roles = [...Map.groupBy(processes, (process) => process.role)];
  const values = roles.map(([role, members]) => harnessValue(`pss.${role}`, sumPss(members)));
  if (own.length > 0) {
    const total = sumPss(own);
    values.push(harnessValue('pss.total', total));
    // One unreadable process may be charged to either side; without the total the part is not believed either.
    if (total !== null)
      values.push(harnessValue('pss.outside', sumPss(own.filter((process) => !process.inCgroup))));
  }
  return values.filter((value) => value !== null).sort((a, b) => (a.metric < b.metric ? -1 : 1));
}
