import type { Better, Unit } from '../../src/core/model/workload/metric.ts';
import type { SubjectModel } from './support.ts';

type Value = SubjectModel['values'][number];

const ms = 1e6;
const mib = 2 ** 20;

/** Operations of the category `syscall`: workload, operation, ns under runc, how strongly gVisor lengthens it. */
const operations: readonly (readonly [workload: string, op: string, ns: number, depth: number])[] = [
  ['file', 'open', 1600, 1.2],
  ['file', 'stat', 700, 1.1],
  ['file', 'read', 210, 0.8],
  ['file', 'write', 260, 0.8],
  ['file', 'rename', 5200, 0.9],
  ['file', 'unlink', 8100, 0.9],
  ['ipc', 'pipe', 3100, 0.7],
  ['ipc', 'socketpair', 3600, 0.7],
  ['ipc', 'futex', 2900, 0.9],
  ['ipc', 'eventfd', 2600, 0.8],
  ['process', 'fork', 310_000, 0.4],
  ['process', 'exec', 690_000, 0.5],
  ['process', 'wait', 2100, 0.5],
  ['thread', 'create', 21_000, 0.6],
  ['thread', 'switch', 1900, 0.9],
  ['memory', 'mmap', 2100, 0.5],
  ['memory', 'fault', 640, 0.9],
  ['memory', 'mprotect', 1200, 0.6],
  ['clock', 'gettime', 32, 0.05],
  ['clock', 'nanosleep', 58_000, 0.1],
];

function model(
  workload: string,
  params: string,
  category: SubjectModel['category'],
  ...values: readonly Value[]
): SubjectModel {
  return { workload, params, category, values };
}

/** A headline that `strength` ties to how dear system calls are under a runtime. */
function rate(metric: string, unit: Unit, better: Better, base: number, strength: number): Value {
  return [
    metric,
    unit,
    better,
    base,
    (cost) => (better === 'higher' ? 1 / cost.call : cost.call) ** strength,
  ];
}

const starts = ['shell', 'node', 'java', 'restart', 'exec'].map((name, i) =>
  model(
    `startup/${name}`,
    '',
    'startup',
    ['startup.to_output', 'ns', 'lower', (140 + 60 * i) * ms, (cost) => cost.start],
    ['startup.create', 'ns', 'lower', 36 * ms, () => 1],
    ['startup.first_output', 'ns', 'lower', (104 + 60 * i) * ms, (cost) => cost.start],
    ['startup.remove', 'ns', 'lower', 14 * ms, () => 1.2],
    ['cpu.usage', 'ns', 'lower', (40 + 40 * i) * ms, (cost) => cost.start],
    ['engine.cpu', 'ns', 'lower', 88 * ms, (cost) => (cost.start + 3) / 4],
  ),
);

const bursts = [1, 2, 4, 8, 16].map((count) =>
  model(
    'startup/burst',
    `count=${count}`,
    'startup',
    ['burst.latency', 'ns', 'lower', 150 * ms * (1 + 0.22 * (count - 1)), (cost) => cost.start],
    ['burst.latency_max', 'ns', 'lower', 165 * ms * (1 + 0.31 * (count - 1)), (cost) => cost.start],
    ['burst.rate', 'ops/s', 'higher', count / (0.165 * (1 + 0.31 * (count - 1))), (cost) => 1 / cost.start],
    ['work.cpu', 'ns/op', 'lower', 92 * ms * (1 + 0.02 * count), (cost) => cost.start],
  ),
);

const densities = [1, 4, 8, 16].map((sandboxes) =>
  model(
    'startup/density',
    `sandboxes=${sandboxes}`,
    'memory',
    ['density.available', 'bytes', 'lower', 11 * mib * (1 + 0.4 / sandboxes), (cost) => cost.memory],
    ['density.charged', 'bytes', 'lower', 1.6 * mib, (cost) => cost.memory * 3],
    ['density.resident', 'bytes', 'lower', 12.5 * mib, (cost) => cost.memory],
    ['density.idle_cpu', 'ratio', 'lower', 0.0004, (cost) => cost.memory],
  ),
);

const grid = ['rootfs', 'bind', 'volume', 'tmpfs'].flatMap((target, t) =>
  (['randread', 'randwrite', 'seqread', 'seqwrite'] as const).map((op, o) => {
    const block = op.startsWith('rand') ? '4k' : '1M';
    const base = [260, 210, 2900, 1700][o] ?? 1;
    return model('io/fio', `bs=${block};cache=warm;engine=psync;op=${op};target=${target}`, 'io', [
      'fio.bandwidth',
      'bytes/s',
      'higher',
      base * mib * (1 + t / 3),
      (cost) => cost.io ** (1.6 - o / 2.4),
    ]);
  }),
);

/** About as many subjects as the standard preset has, over all categories. */
export const fullSuite: readonly SubjectModel[] = [
  ...starts,
  ...bursts,
  ...densities,
  ...operations.map(([workload, op, ns, depth]) =>
    model(`syscall/${workload}`, `op=${op}`, 'syscall', rate('op.time', 'ns/op', 'lower', ns, depth)),
  ),
  ...grid,
  model('io/small-files', 'files=1000', 'io', rate('files.rate', 'ops/s', 'higher', 41_000, 0.9)),
  model('io/fsync', 'target=bind', 'io', rate('fsync.rate', 'ops/s', 'higher', 900, 0.1)),
  model('io/fsync', 'target=rootfs', 'io', rate('fsync.rate', 'ops/s', 'higher', 870, 0.3)),
  model('cpu/sysbench', 'threads=1', 'cpu', rate('cpu.events', 'ops/s', 'higher', 1020, 0.003)),
  model('cpu/openssl', 'algorithm=aes-256-gcm', 'cpu', rate('cpu.bytes', 'bytes/s', 'higher', 4.1e9, 0.002)),
  model('network/iperf', 'streams=1', 'network', rate('net.bandwidth', 'bytes/s', 'higher', 3.9e9, 0.7)),
  model('network/rtt', 'size=1', 'network', rate('net.rtt', 'ns', 'lower', 31_000, 0.5)),
  model('network/connect', 'concurrency=8', 'network', rate('net.connects', 'ops/s', 'higher', 21_000, 0.8)),
  model('app/redis', 'command=get', 'app', rate('app.requests', 'ops/s', 'higher', 98_000, 0.55)),
  model('app/nginx', 'size=10k', 'app', rate('app.requests', 'ops/s', 'higher', 31_000, 0.6)),
  model('app/python', 'task=import', 'app', rate('app.time', 'ns', 'lower', 210 * ms, 0.35)),
  model('app/sqlite', 'journal=wal', 'app', rate('app.rows', 'ops/s', 'higher', 160_000, 0.25)),
  model('app/compile', 'jobs=2', 'app', rate('app.time', 'ns', 'lower', 1900 * ms, 0.2)),
  model('isolation/surface', '', 'isolation', [
    'isolation.allowed',
    'count',
    'lower',
    310,
    (cost) => 1 / cost.start,
  ]),
];
