import { readFileSync } from 'node:fs';

/** Stall times of the `some` lines of /proc/pressure since the host started, ns; null where the kernel has none. */
export interface Pressure {
  readonly cpuNs: number | null;
  readonly memoryNs: number | null;
}

function stallNs(resource: 'cpu' | 'memory'): number | null {
  try {
    const text = readFileSync(`/proc/pressure/${resource}`, 'utf8');
    const micros = /^some .*\btotal=(\d{1,19})$/m.exec(text)?.[1];
    return micros === undefined ? null : Number(micros) * 1000;
  } catch {
    return null;
  }
}

/** Read both now. */
export function pressureNow(): Pressure {
  return { cpuNs: stallNs('cpu'), memoryNs: stallNs('memory') };
}

/** Share of the time between two readings in which a task waited; null where unknown. */
export function shareBetween(before: number | null, after: number | null, ns: number): number | null {
  return before === null || after === null || !(ns > 0) ? null : Math.max(0, after - before) / ns;
}
