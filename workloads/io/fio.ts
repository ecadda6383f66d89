import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import {
  fioJob,
  inRange,
  ioDirectoryOf,
  ioMounts,
  ioTarget,
  ioTargetMeaning,
  ioTargets,
  plausible,
} from '../lib/fio.ts';
import { afterClockSettled } from '../lib/stress-ng.ts';

const says = notices('workload.fio', {
  memTarget: 'a tmpfs is memory: there is no device to go to directly',
  noDirect:
    'the file system refuses O_DIRECT: put the files on one that has it (ext4, xfs), or measure with cache=buffered',
  deviceUnknown:
    'the kernel does not tell what a device did for this trial, so that O_DIRECT cannot be told from the page cache: measure with cgroup v2 and its io controller',
  directWithoutEffect:
    'O_DIRECT had no effect: fio moved {moved} bytes, a device {charged} of them, the rest came from or went to memory. Compare with cache=buffered',
});

const words = messages('workload.fio', {
  title: 'File reads and writes',
  bandwidth: 'a bandwidth of',
  rate: 'a rate of',
  meanLatency: 'a mean latency of',
  percentile: 'a percentile {name} of',
});

/** Operation → fio's name for it, its usual block size, and the half of fio's report with the result. */
const operations = {
  randread: { rw: 'randread', bs: '4k', side: 'read' },
  randwrite: { rw: 'randwrite', bs: '4k', side: 'write' },
  seqread: { rw: 'read', bs: '1M', side: 'read' },
  seqwrite: { rw: 'write', bs: '1M', side: 'write' },
} as const;
const sizes = ['4k', '64k', '1M'] as const;
/** Engine → fio's name for it and the number of concurrent operations. */
const engines = { sync: { name: 'psync', depth: 1 }, libaio: { name: 'libaio', depth: 16 } } as const;
const caches = ['buffered', 'direct'] as const;

const job = 'measure';
const fileMib = 8;
const fileBytes = fileMib * 2 ** 20;
/** Minimum share of a direct job's bytes that must move to or from a device. */
const directShare = 0.5;

function pick<T extends string>(what: string, value: unknown, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw new RangeError(`io/fio has no ${what} '${value}'`);
  return found;
}

/** The meaning of a parameter set, with defaults. RangeError on an unknown value. */
function meaning(params: Params) {
  const operation =
    operations[pick('operation', params.op, Object.keys(operations) as (keyof typeof operations)[])];
  return {
    ...operation,
    target: ioTarget(params.target),
    bs: pick('block size', params.bs ?? operation.bs, sizes),
    engine: engines[pick('engine', params.engine ?? 'sync', Object.keys(engines) as ('sync' | 'libaio')[])],
    direct: pick('cache', params.cache ?? 'buffered', caches) === 'direct',
  };
}

/** Write the file with real data, read it into the page cache unless the job bypasses the cache, then run the rest. */
const layOut = [
  'file=$1 direct=$2',
  'shift 2',
  `write() { /bin/dd if=/dev/urandom of="$file" bs=1M count=${fileMib} "$@" 2>/dev/null; }`,
  'if [ "$direct" = 1 ]; then write oflag=direct || write conv=fsync; else write conv=fsync; fi || exit 1',
  '[ "$direct" = 1 ] || /bin/cat "$file" >/dev/null || exit 1',
  'exec "$@"',
].join('\n');

/** Bytes that a device moved, without those of creating the file; null where the kernel did not report them. */
function deviceBytes(evidence: Evidence, side: 'read' | 'write'): number | null {
  const figure = evidence.cgroup?.figures[`io.${side}_bytes`];
  if (figure === undefined || 'absent' in figure) return null;
  return side === 'read' ? figure.value : Math.max(0, figure.value - fileBytes);
}

const randomOrNot = Object.keys(operations);
const buffered = ioTargets.flatMap((target) => randomOrNot.map((op) => ({ target, op })));

const fio: Workload = {
  id: 'io/fio',
  category: 'io',
  image: 'tools',
  title: words.title,
  description: `fio reads or writes a file of ${fileMib} MiB for 0.2 s in one job. The file is really written first
(random data, synced), so that no unwritten extents are read as zeros.

Under gVisor the container first waits until its clock has settled: fio reads the clock around every operation, and in the
first second of a sandbox that is a system call.

\`cache=buffered\` (the default): the page cache is *not* dropped and holds the file before the work begins, for every
runtime. What is compared is the cost of the path from a system call to cached data, which is where runtimes differ. With
fio's default, runc would read from the disk while gVisor, whose sentry does not hand the advice to drop the cache to the
host, would read from memory and seem several times faster.

\`cache=direct\`: O_DIRECT, so that each operation waits for the device. Whether it did is not taken on trust: where the
kernel charged the trial's cgroup for less than half of the bytes that fio moved, memory answered, the figure would flatter,
and the test is *unsupported* with that reason. gVisor accepts O_DIRECT and opens the file behind it without, so the host's page
cache answers (seen with release 20240729, on bind mounts and volumes as on the root file system, and with 20260817). So does a
tmpfs.

\`engine=sync\` is pread and pwrite; \`engine=libaio\` keeps 16 operations under way. With buffered files libaio is
synchronous on Linux.

\`rootfs\` is the container's own file system; under gVisor its writable layer is an overlay inside the sandbox
(\`--overlay2=root:self\`), so it is not the same thing as a \`bind\` mount of a host directory or a \`volume\`, which is what
storage means to most services. \`tmpfs\` is memory inside the container's mount namespace.

The full preset leaves out what teaches nothing new: other block sizes than 4 KiB for random and 1 MiB for sequential work are
measured on a bind mount only, direct operations not on a tmpfs, libaio only on bind mounts.

The main metric is the median operation. The bandwidth, beside it, also holds fio's own work between two operations, a third
of the time under a native runtime, and every moment in which the program did not run: beside other work its ratio scatters
twice as much.

There is no CPU time per operation: fio's own start takes 0.1 to 0.3 s of CPU, as much as the work itself.`,
  parameters: {
    target: ioTargetMeaning,
    op: 'randread, randwrite (blocks of 4 KiB), seqread, seqwrite (blocks of 1 MiB)',
    bs: 'block size where it is another: 4k, 64k or 1M',
    engine: 'sync (pread, pwrite; the default) or libaio (16 operations under way)',
    cache: 'buffered (through the page cache, which holds the file; the default) or direct (O_DIRECT)',
  },
  presets: {
    quick: [],
    standard: [
      { target: 'bind', op: 'randread' },
      { target: 'bind', op: 'randwrite' },
    ],
    full: [
      ...buffered,
      ...randomOrNot.map((op) => ({ target: 'bind', op, bs: '64k' })),
      ...['rootfs', 'bind', 'volume'].flatMap((target) =>
        ['randread', 'randwrite'].map((op) => ({ target, op, cache: 'direct' })),
      ),
      ...['buffered', 'direct'].flatMap((cache) =>
        ['randread', 'randwrite'].map((op) => ({
          target: 'bind',
          op,
          engine: 'libaio',
          ...(cache === 'direct' ? { cache } : undefined),
        })),
      ),
    ],
    lab: [{ target: 'bind', op: 'randread' }],
  },
  metrics: [
    {
      id: 'fio.latency_p50',
      unit: 'ns',
      better: 'lower',
      description: "median of fio's clat_ns",
    },
    {
      id: 'fio.bandwidth',
      unit: 'bytes/s',
      better: 'higher',
      description: "fio's bw_bytes of the measured job",
    },
    { id: 'fio.iops', unit: 'ops/s', better: 'higher', description: "fio's iops of the measured job" },
    { id: 'fio.latency_mean', unit: 'ns', better: 'lower', description: "mean of fio's clat_ns" },
    { id: 'fio.latency_p99', unit: 'ns', better: 'lower', description: "99th percentile of fio's clat_ns" },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container(params) {
    const { rw, target, bs, engine, direct } = meaning(params);
    const file = `${ioDirectoryOf(target)}/data`;
    return {
      command: afterClockSettled([
        '/bin/bash',
        '-c',
        layOut,
        'bash',
        file,
        direct ? '1' : '0',
        ...stamped([
          '/usr/bin/fio',
          `--name=${job}`,
          `--filename=${file}`,
          `--size=${fileBytes}`,
          `--rw=${rw}`,
          `--bs=${bs}`,
          `--ioengine=${engine.name}`,
          `--iodepth=${engine.depth}`,
          `--direct=${direct ? 1 : 0}`,
          '--fallocate=none',
          '--overwrite=1',
          '--invalidate=0',
          '--time_based',
          '--runtime=200ms',
          '--randseed=1',
          '--thread',
          '--group_reporting',
          '--output-format=json',
        ]),
      ]),
      mounts: ioMounts(target, 4 * fileBytes),
      stamped: true,
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }, params): readonly ParsedValue[] {
    const { bw_bytes, iops, clat_ns } = fioJob(stdout, job)[meaning(params).side];
    const value = (
      metric: string,
      unit: ParsedValue['unit'],
      better: ParsedValue['better'],
      number: number,
    ) => ({ metric, unit, better, value: number });
    const percentile = (name: string, key: string) =>
      inRange(words.percentile({ name }), clat_ns.percentile?.[key], plausible.latencyNs);
    return [
      value('fio.latency_p50', 'ns', 'lower', percentile('p50', '50.000000')),
      value('fio.bandwidth', 'bytes/s', 'higher', inRange(words.bandwidth, bw_bytes, plausible.bandwidth)),
      value('fio.iops', 'ops/s', 'higher', inRange(words.rate, iops, plausible.iops)),
      value('fio.latency_mean', 'ns', 'lower', inRange(words.meanLatency, clat_ns.mean, plausible.latencyNs)),
      value('fio.latency_p99', 'ns', 'lower', percentile('p99', '99.000000')),
    ];
  },
  unsupported: (_, params) => {
    const { direct, target } = meaning(params);
    return direct && target === 'tmpfs' ? says.memTarget : null;
  },
  refused(evidence, params) {
    const { direct, side } = meaning(params);
    if (!direct) return null;
    if (/does not support direct=1|fio: .*O_DIRECT/.test(evidence.stdout + evidence.stderr))
      return says.noDirect;
    let moved: number;
    try {
      moved = fioJob(evidence.stdout, job)[side].io_bytes;
    } catch (error) {
      if (error instanceof ParseError) return null;
      throw error;
    }
    const charged = deviceBytes(evidence, side);
    if (charged === null) return says.deviceUnknown;
    return charged < directShare * moved ? says.directWithoutEffect({ moved, charged }) : null;
  },
};
export default fio;
