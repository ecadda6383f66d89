import { cgroupMetric } from '../metric.ts';
import { cgroupScope } from './scope.ts';
import { v1Single, v2Single } from './source.ts';

/** Tasks of a cgroup. */
export const pidsMetrics = [
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
