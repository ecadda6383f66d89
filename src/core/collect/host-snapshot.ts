import { join } from 'node:path';
import { parseCount } from '../metrics/cgroup/text.ts';
import { readText } from './cgroup/files.ts';
import { parseHostCpu, parseLoadAverage, parseSomePressure, parseSwapIn } from './host-parse.ts';
import type { HostSnapshot } from './noise.ts';

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
