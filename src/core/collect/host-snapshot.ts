import { join } from 'node:path';
import { pressureTotal } from '../metrics/cgroup/io.ts';
import { flatKeyed, parseCount } from '../metrics/cgroup/source.ts';
import { readText } from './cgroup/files.ts';
import type { HostSnapshot } from './noise.ts';

/** /proc/stat counts in USER_HZ, which is 100 on every architecture that Docker runs on. */
const nsPerTick = 1e7;

/** CPU time of the whole host since boot, ns, in steps of 10 ms per CPU. */
interface HostCpu {
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

/** Read the host's counters now, in well under a millisecond. Counters that this host lacks are null. */
export function takeHostSnapshot(
  roots: { readonly proc?: string; readonly sys?: string } = {},
): HostSnapshot {
  const { proc = '/proc', sys = '/sys' } = roots;
  const parsed = <T>(path: string, parse: (text: string) => T | null): T | null => {
    const read = readText(path);
    return 'text' in read ? parse(read.text) : null;
  };
  const count = (path: string) => parsed(path, (text) => parseCount(text.trim()));
  const cpu0 = join(sys, 'devices/system/cpu/cpu0');
  const cpu = parsed(join(proc, 'stat'), parseHostCpu);
  const core = count(join(cpu0, 'thermal_throttle/core_throttle_count'));
  const wholePackage = count(join(cpu0, 'thermal_throttle/package_throttle_count'));
  return {
    atNs: Number(process.hrtime.bigint()),
    cpus: cpu?.cpus ?? null,
    busyNs: cpu?.busyNs ?? null,
    stealNs: cpu?.stealNs ?? null,
    loadAverage1: parsed(join(proc, 'loadavg'), parseLoadAverage),
    cpuPressureNs: parsed(join(proc, 'pressure/cpu'), parseSomePressure),
    ioPressureNs: parsed(join(proc, 'pressure/io'), parseSomePressure),
    memoryPressureNs: parsed(join(proc, 'pressure/memory'), parseSomePressure),
    swapInPages: parsed(join(proc, 'vmstat'), parseSwapIn),
    frequencyKHz: count(join(cpu0, 'cpufreq/scaling_cur_freq')),
    thermalEvents: core === null && wholePackage === null ? null : (core ?? 0) + (wholePackage ?? 0),
  };
}
