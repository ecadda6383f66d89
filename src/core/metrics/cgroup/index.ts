import { type CgroupMetric, cgroupMetric } from '../metric.ts';
import { cpuMetrics } from './cpu.ts';
import { ioMetrics, pressureMetrics } from './io.ts';
import { memoryMetrics } from './memory.ts';
import { cgroupScope, v1Single, v2Single } from './source.ts';

/** Tasks of a cgroup. */
const pidsMetrics = [
  cgroupMetric({
    id: 'pids.peak',
    unit: 'count',
    better: 'lower',
    label: 'most tasks at once',
    description: `Most tasks (processes and threads) at once, pids.peak (Linux ≥ 6.1). Contains the runtime’s own init and helper threads. ${cgroupScope}`,
    v2: v2Single('pids.peak'),
    v1: v1Single('pids', 'pids.peak'),
  }),
  cgroupMetric({
    id: 'pids.current',
    unit: 'count',
    better: 'lower',
    label: 'tasks',
    description: 'Tasks (processes and threads) at the last reading, pids.current.',
    v2: v2Single('pids.current'),
    v1: v1Single('pids', 'pids.current'),
    gauge: true,
  }),
];

/** Every figure of a cgroup, in base units: times in ns, memory and I/O in bytes, all others counts. */
export const cgroupMetrics: readonly CgroupMetric[] = [
  ...cpuMetrics,
  ...memoryMetrics,
  ...ioMetrics,
  ...pidsMetrics,
  ...pressureMetrics,
];
