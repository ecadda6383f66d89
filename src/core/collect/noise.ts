import type { Noise } from '../model/trial/trial.ts';

/** Counters of the host at an instant; null where the host has no such file. */
export interface HostSnapshot {
  /** CLOCK_MONOTONIC, ns. */
  readonly atNs: number;
  readonly cpus: number | null;
  readonly busyNs: number | null;
  readonly stealNs: number | null;
  readonly loadAverage1: number | null;
  readonly cpuPressureNs: number | null;
  readonly ioPressureNs: number | null;
  readonly memoryPressureNs: number | null;
  readonly swapInPages: number | null;
  readonly frequencyKHz: number | null;
  /** Thermal throttling events of core 0 and its package (x86 only). */
  readonly thermalEvents: number | null;
}

/** Load of the trial itself on the host, which is not noise. Null where unknown. */
export interface OwnLoad {
  /** CPU time of the trial's cgroup, of the engine and of this harness, ns. */
  readonly cpuNs: number | null;
  /** Where `cpuNs` is unknown: lower bound of the CPU time of others, ns (`readOtherLoad`). */
  readonly otherCpuNs: number | null;
  /** `some` stall times of the trial's own cgroup (`pressure.*.some`), ns. */
  readonly cpuPressureNs: number | null;
  readonly ioPressureNs: number | null;
  readonly memoryPressureNs: number | null;
}

/** Thresholds of the flags, as fractions. */
const noiseThresholds = {
  /** Steal, as a fraction of wall × CPUs: the hypervisor ran another guest. */
  steal: 0.01,
  /** CPU time that no part of the trial accounts for, as a fraction of wall × CPUs … */
  otherLoad: 0.1,
  /** … and at least this much, ns: below it the 10 ms steps of /proc/stat decide. */
  otherLoadFloorNs: 5e7,
  /**
   * Stall time that is not the trial's own, as a fraction of wall time. A workload that saturates CPUs or disk causes pressure
   * itself. Where its own pressure is unknown (cgroup v1), the host's is recorded but raises no flag.
   */
  cpuPressure: 0.25,
  ioPressure: 0.25,
  memoryPressure: 0.01,
} as const;

function delta(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

function otherCpuNs(busyNs: number | null, own: OwnLoad): number | null {
  return busyNs === null || own.cpuNs === null ? own.otherCpuNs : busyNs - own.cpuNs;
}

/** Why a trial between two snapshots is doubtful: `steal>1%`, `other-load>10%`, `cpu-pressure>25%`, `swap-in` … */
function flagsOf(
  noise: Omit<Noise, 'flags'>,
  cpus: number | null,
  own: OwnLoad,
  thermal: number | null,
): string[] {
  const flags: string[] = [];
  const capacity = cpus === null ? null : noise.wallNs * cpus;
  const limits = noiseThresholds;
  if (noise.stealNs !== null && capacity !== null && noise.stealNs > limits.steal * capacity)
    flags.push(`steal>${percent(limits.steal)}`);
  const other = otherCpuNs(noise.busyNs, own);
  if (other !== null && capacity !== null) {
    if (other > limits.otherLoad * capacity && other > limits.otherLoadFloorNs)
      flags.push(`other-load>${percent(limits.otherLoad)}`);
  }
  const pressures = [
    ['cpu-pressure', noise.cpuPressureNs, own.cpuPressureNs, limits.cpuPressure],
    ['io-pressure', noise.ioPressureNs, own.ioPressureNs, limits.ioPressure],
    ['memory-pressure', noise.memoryPressureNs, own.memoryPressureNs, limits.memoryPressure],
  ] as const;
  for (const [name, host, mine, limit] of pressures) {
    if (host === null || mine === null) continue;
    if (host - mine > limit * noise.wallNs) flags.push(`${name}>${percent(limit)}`);
  }
  if (noise.swapInPages !== null && noise.swapInPages > 0) flags.push('swap-in');
  if (thermal !== null && thermal > 0) flags.push('thermal-throttling');
  return flags;
}

/** Changes of the host between two snapshots, and flags for doubts about the trial in between. */
export function noiseBetween(before: HostSnapshot, after: HostSnapshot, own: OwnLoad): Noise {
  const noise = {
    stealNs: delta(before.stealNs, after.stealNs),
    busyNs: delta(before.busyNs, after.busyNs),
    ...(own.cpuNs === null && own.otherCpuNs !== null ? { otherCpuNs: own.otherCpuNs } : {}),
    wallNs: after.atNs - before.atNs,
    loadAverage1: after.loadAverage1,
    cpuPressureNs: delta(before.cpuPressureNs, after.cpuPressureNs),
    ioPressureNs: delta(before.ioPressureNs, after.ioPressureNs),
    memoryPressureNs: delta(before.memoryPressureNs, after.memoryPressureNs),
    swapInPages: delta(before.swapInPages, after.swapInPages),
    frequencyKHz: after.frequencyKHz,
  };
  const thermal = delta(before.thermalEvents, after.thermalEvents);
  return { ...noise, flags: flagsOf(noise, after.cpus, own, thermal) };
}
