import type { CgroupMetric } from '../metric.ts';
import { cpuMetrics } from './cpu.ts';
import { ioMetrics } from './io.ts';
import { memoryMetrics } from './memory.ts';
import { pidsMetrics } from './pids.ts';
import { pressureMetrics } from './pressure.ts';

/** Every figure of a cgroup, in base units: times in ns, memory and I/O in bytes, all others counts. */
export const cgroupMetrics: readonly CgroupMetric[] = [
  ...cpuMetrics,
  ...memoryMetrics,
  ...ioMetrics,
  ...pidsMetrics,
  ...pressureMetrics,
];
