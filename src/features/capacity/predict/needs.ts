import { partWorkloads } from '../sandbox/parts.ts';
import { startWorkload } from './start.ts';

/** Workloads without which a run does not say what calls, files, faults and tasks cost. */
export const neededWorkloads: readonly string[] = [
  'syscall/trivial',
  'syscall/ipc',
  'syscall/process',
  'syscall/thread',
  'io/small-files',
  'memory/fault',
];

/** Workloads that make costs better known, or give the start. */
const furtherWorkloads: readonly string[] = [
  'syscall/stress-ng',
  'syscall/file',
  'syscall/memory',
  'syscall/signal',
  'cpu/sysbench',
  'memory/sysbench',
  startWorkload,
];

/** All that a prediction is made of, as `--workloads` takes it. */
export const recordedWorkloads = ['app', ...neededWorkloads, ...furtherWorkloads, partWorkloads.sized].join(
  ',',
);
