import type { FeatureId, Features } from './prediction.ts';

/** A cell of a run whose time per operation tells what one feature costs. */
export interface CostSource {
  /** The feature that its operation is there for. */
  readonly feature: FeatureId;
  readonly workload: string;
  readonly params: string;
  /**
   * `work.cpu`, or a time per operation, which is turned into CPU time by the CPUs that were busy meanwhile. Of several
   * metrics, each is a source of its own.
   */
  readonly metrics: readonly string[];
  /** What one operation does. */
  readonly does: Features;
}

const op = (feature: FeatureId, workload: string, name: string, does: Features): CostSource => ({
  feature,
  workload,
  params: `op=${name}`,
  metrics: ['op.time'],
  does,
});

/** Calls of stress-ng's table that are of a class and end at once. */
const table = (feature: FeatureId, names: string): CostSource => ({
  ...{ feature, workload: 'syscall/stress-ng', params: '', does: { [feature]: 1 } },
  metrics: names.split(' ').map((name) => `syscall.${name}`),
});

const files = (target: string): readonly CostSource[] => [
  ...['create', 'stat', 'unlink'].map((name): CostSource => {
    return {
      ...{ feature: 'call.open', workload: 'syscall/file', params: `op=${name};target=${target}` },
      ...{ metrics: ['op.time'], does: { 'call.open': 1 } },
    };
  }),
  {
    ...{
      feature: 'call.open',
      workload: 'io/small-files',
      params: `target=${target}`,
      metrics: ['work.cpu'],
    },
    // workloads/lib/small-files-script.ts: open, write, close; stat; open, read, close; unlink.
    does: { 'call.open': 4, 'call.read': 1, 'call.write': 1, 'call.trap': 2 },
  },
];

/**
 * Which cells tell the cost of which feature, in the order in which they are computed: what an operation does beside its
 * own feature is known by then. The workloads' descriptions say what an operation is.
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
    ...{ feature: 'faults', workload: 'memory/fault', params: '', metrics: ['work.cpu'] },
    does: { faults: 1 },
  },
  op('faults', 'syscall/memory', 'fault', { faults: 1 }),
  // A wait is a call that waits: the reads and writes of pipes are part of it.
  op('switches', 'syscall/ipc', 'pipe', { switches: 2 }),
  op('switches', 'syscall/ipc', 'pipe-threads', { switches: 2 }),
  op('call.futex', 'syscall/thread', 'futex', { 'call.futex': 6, switches: 1 }),
  op('threads', 'syscall/thread', 'start', { threads: 1 }),
  // Most new processes execute a program.
  op('processes', 'syscall/process', 'fork', { processes: 1 }),
  op('processes', 'syscall/process', 'exec', { processes: 1 }),
];

/** Features that no workload measures alone, and the one whose cost stands in for theirs. */
export const standIns: Readonly<Partial<Record<FeatureId, FeatureId>>> = {
  'call.socket': 'call.write',
  'call.other': 'call.trap',
  'call.futex': 'call.trap',
  'call.wait': 'call.trap',
};

/** Cells whose CPU time is almost all the program's own, or almost all the kernel's: what they cost more is a share of it. */
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
