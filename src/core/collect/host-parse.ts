import { pressureTotal } from '../metrics/cgroup/pressure.ts';
import { flatKeyed } from '../metrics/cgroup/text.ts';

/** /proc/stat counts in USER_HZ, which is 100 on every architecture that Docker runs on. */
const nsPerTick = 1e7;

/** CPU time of the whole host since boot, ns, in steps of 10 ms per CPU. */
export interface HostCpu {
  /** user, nice, system, irq, softirq; `user` includes guests (proc_stat(5)). Not steal, not iowait. */
  readonly busyNs: number;
  readonly stealNs: number;
  readonly cpus: number;
}

/** Parse the `cpu` lines of /proc/stat; null where they are not as documented. */
export function parseHostCpu(text: string): HostCpu | null {
  const total = /^cpu +(\d{1,20}(?: \d{1,20})+)$/m.exec(text)?.[1]?.split(' ').map(Number);
  const cpus = text.match(/^cpu\d+ /gm)?.length ?? 0;
  const [user, nice, system, , , irq, softirq, steal] = total ?? [];
  if (user === undefined || nice === undefined || system === undefined || cpus === 0) return null;
  if (irq === undefined || softirq === undefined || steal === undefined) return null;
  return { busyNs: (user + nice + system + irq + softirq) * nsPerTick, stealNs: steal * nsPerTick, cpus };
}

/** One-minute load average from /proc/loadavg. */
export function parseLoadAverage(text: string): number | null {
  const load = /^(\d{1,20}\.\d+) /.exec(text)?.[1];
  return load === undefined ? null : Number(load);
}

/** `some` stall time of a /proc/pressure file, ns since boot. */
export function parseSomePressure(text: string): number | null {
  return pressureTotal(text, 'some');
}

/** Pages swapped in since boot (/proc/vmstat). */
export function parseSwapIn(text: string): number | null {
  return flatKeyed(text).get('pswpin') ?? null;
}
