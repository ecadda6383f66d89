import type { FeatureId, Features } from './prediction.ts';

/** A cell of a run whose time per operation gives the cost of one feature. */
export interface CostSource {
  /** The feature that its operation measures. */
  readonly feature: FeatureId;
  readonly workload: string;
  readonly params: string;
  /**
   * `work.cpu`, or a time per operation, which is multiplied by the busy CPUs to give CPU time. The median of several metrics
   * is used.
   */
  readonly metrics: readonly string[];
  /** Features of one operation. */
  readonly does: Features;
}

const op = (feature: FeatureId, workload: string, name: string, does: Features): CostSource => ({
  feature,
  workload,
  params: `op=${name}`,
  metrics: ['op.time'],
  does,
});

/** Non-blocking calls of one class in stress-ng's table. */
const table = (feature: FeatureId, names: string): CostSource => ({
  feature,
  workload: 'syscall/stress-ng',
  params: '',
  does: { [feature]: 1 },
  metrics: names.split(' ').map((name) => `syscall.${name}`),
});

const files = (target: string): readonly CostSource[] => [
  ...['create', 'stat', 'unlink'].map((name): CostSource => {
    return {
      feature: 'call.open',
      workload: 'syscall/file',
      params: `op=${name};target=${target}`,
      metrics: ['op.time'],
      does: { 'call.open': 1 },
    };
  }),
  {
    feature: 'call.open',
    workload: 'io/small-files',
    params: `target=${target}`,
    metrics: ['work.cpu'],
    // workloads/lib/small-files-script.ts: open, write, close; stat; open, read, close; unlink.
    does: { 'call.open': 4, 'call.read': 1, 'call.write': 1, 'call.trap': 2 },
  },
];

/**
 * Cells that measure the cost of each feature, in the order of computation: the costs of an operation's other features come
 * earlier. The workloads' descriptions define their operations.
 */
export const costSources: readonly CostSource[] = [
  op('call.trap', 'syscall/trivial', 'getppid', { 'call.trap': 1 }),
  op('call.trap', 'syscall/trivial', 'getpgid', { 'call.trap': 1 }),
  table('call.read', 'read pread64 readv preadv'),
  table('call.write', 'write pwrite64 writev pwritev'),
  ...files('rootfs'),
  ...files('bind'),
  table('call.wait', 'poll ppoll select pselect6 epoll_ctl eventfd2'),
  table('call.memory', 'mmap munmap mprotect madvise brk mremap'),
  op('call.memory', 'syscall/memory', 'brk', { 'call.memory': 1 }),
  table('call.process', 'kill prctl setpgid setpriority'),
  op('call.process', 'syscall/signal', 'kill', { 'call.process': 1, 'call.trap': 4 }),
  {
    feature: 'faults',
    workload: 'memory/fault',
    params: '',
    metrics: ['work.cpu'],
    does: { faults: 1 },
  },
  op('faults', 'syscall/memory', 'fault', { faults: 1 }),
  // Reads and writes of the pipes are not subtracted: a context switch needs a call that waits.
  op('switches', 'syscall/ipc', 'pipe', { switches: 2 }),
  op('switches', 'syscall/ipc', 'pipe-threads', { switches: 2 }),
  op('call.futex', 'syscall/thread', 'futex', { 'call.futex': 6, switches: 1 }),
  op('threads', 'syscall/thread', 'start', { threads: 1 }),
  // Most new processes execute a program.
  op('processes', 'syscall/process', 'fork', { processes: 1 }),
  op('processes', 'syscall/process', 'exec', { processes: 1 }),
];

/** Features that no workload measures alone → the feature whose cost is used instead. */
export const standIns: Readonly<Partial<Record<FeatureId, FeatureId>>> = {
  'call.socket': 'call.write',
  'call.other': 'call.trap',
  'call.futex': 'call.trap',
  'call.wait': 'call.trap',
  // Who finds no CPU free waits until another task leaves one.
  crowded: 'switches',
};

/** Cells whose CPU time is almost all `user`, or almost all `kernel`: their relative increase is the cost. */
export const shareSources = {
  user: [
    { workload: 'cpu/sysbench', params: 'threads=1' },
    { workload: 'memory/sysbench', params: '' },
  ],
  kernel: [
    { workload: 'io/small-files', params: 'target=rootfs' },
    { workload: 'io/small-files', params: 'target=bind' },
    { workload: 'memory/fault', params: '' },
  ],
} as const;
