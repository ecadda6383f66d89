import * as z from 'zod';
import type { Params } from '../../src/model/cell.ts';
import type { ParsedValue } from '../../src/model/metric.ts';
import { type MountRequest, ParseError, type Workload } from '../../src/model/workload.ts';

/** Operation → fio's name of it, its block size, and which half of fio's report holds the result. */
const operations = {
  randread: { rw: 'randread', blockSize: '4k', side: 'read' },
  randwrite: { rw: 'randwrite', blockSize: '4k', side: 'write' },
  seqread: { rw: 'read', blockSize: '1M', side: 'read' },
  seqwrite: { rw: 'write', blockSize: '1M', side: 'write' },
} as const;
type Operation = keyof typeof operations;

const targets = ['rootfs', 'bind', 'tmpfs'] as const;
const directory = '/scratch';
const job = 'measure';
const fileBytes = 8 * 2 ** 20;

function isOperation(op: unknown): op is Operation {
  return typeof op === 'string' && op in operations;
}

function operationOf(params: Params): (typeof operations)[Operation] {
  const { op } = params;
  if (!isOperation(op)) throw new RangeError(`io/fio has no operation '${op}'`);
  return operations[op];
}

function mountsOf(target: string | number | undefined): MountRequest[] {
  if (target === 'bind') return [{ type: 'bind', target: directory }];
  if (target === 'tmpfs') return [{ type: 'tmpfs', target: directory, bytes: 4 * fileBytes }];
  return [];
}

/** fio's own figures of one direction; the rest of its report is kept in the record and not read. */
const sideSchema = z.object({
  io_bytes: z.number(),
  bw_bytes: z.number(),
  iops: z.number(),
  runtime: z.number(),
  clat_ns: z.object({ mean: z.number(), percentile: z.record(z.string(), z.number()).optional() }),
});
const reportSchema = z.object({
  jobs: z.array(z.object({ jobname: z.string(), error: z.number(), read: sideSchema, write: sideSchema })),
});

/** Faster than any memory of today, and slower than any disk: outside, the tool or its clock is broken. */
const plausible = { bandwidth: [1e3, 1e12], iops: [0.1, 1e9], latencyNs: [10, 60e9] } as const;

function within(what: string, value: number | undefined, [low, high]: readonly [number, number]): number {
  if (value === undefined || !(value >= low && value <= high))
    throw new ParseError(`fio reports ${what} ${value}, which cannot be`);
  return value;
}

/** fio prints warnings before and after its JSON. */
function jsonOf(stdout: string): unknown {
  const begin = stdout.indexOf('{');
  const end = stdout.lastIndexOf('}');
  try {
    return JSON.parse(stdout.slice(begin, end + 1));
  } catch {
    throw new ParseError(`no JSON in fio's output: ${JSON.stringify(stdout.slice(0, 120))}`);
  }
}

const fio: Workload = {
  id: 'io/fio',
  category: 'io',
  image: 'tools',
  title: 'File I/O through the page cache',
  description: `fio reads or writes a file of 8 MiB for 0.2 s with plain read and write calls (engine psync, one job). For
reads the file is really written first (fallocate=none, synced), so that no unwritten extents are read as zeros.

The page cache is *not* dropped (invalidate=0): what is compared is the cost of the path from a system call to cached data,
which is where runtimes differ. With fio's default, runc would read from the disk while gVisor, whose sentry does not hand
the advice to drop the cache to the host, would read from memory and seem several times faster.

\`rootfs\` is the container's own file system; under gVisor its writable layer is an overlay inside the sandbox
(\`--overlay2=root:self\`), so it is not the same thing as a \`bind\` mount of a host directory, which is what storage
means to most services. \`tmpfs\` is memory inside the container's mount namespace.`,
  parameters: {
    target: 'where the file is: rootfs, bind (a directory of the host) or tmpfs',
    op: 'randread and randwrite (blocks of 4 KiB), seqread and seqwrite (blocks of 1 MiB)',
  },
  presets: {
    quick: [{ target: 'bind', op: 'randread' }],
    standard: targets.flatMap((target) => ['randread', 'randwrite'].map((op) => ({ target, op }))),
    full: targets.flatMap((target) => Object.keys(operations).map((op) => ({ target, op }))),
  },
  metrics: [
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
    const { rw, blockSize } = operationOf(params);
    const file = params.target === 'rootfs' ? '/data' : `${directory}/data`;
    return {
      command: [
        '/usr/bin/fio',
        `--name=${job}`,
        `--filename=${file}`,
        `--size=${fileBytes}`,
        `--rw=${rw}`,
        `--bs=${blockSize}`,
        '--ioengine=psync',
        '--fallocate=none',
        '--create_fsync=1',
        '--overwrite=1',
        '--pre_read=1',
        '--invalidate=0',
        '--time_based',
        '--runtime=200ms',
        '--randseed=1',
        '--thread',
        '--group_reporting',
        '--output-format=json',
      ],
      mounts: mountsOf(params.target),
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }, params): readonly ParsedValue[] {
    const parsed = reportSchema.safeParse(jsonOf(stdout));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new ParseError(`fio's report: ${issue?.path.join('.')}: ${issue?.message}`);
    }
    const measured = parsed.data.jobs.filter((candidate) => candidate.jobname === job);
    const [only] = measured;
    if (only === undefined || measured.length > 1)
      throw new ParseError(`fio reports ${measured.length} jobs named ${job}, not one`);
    if (only.error !== 0) throw new ParseError(`fio's job ended with error ${only.error}`);
    const { bw_bytes, iops, clat_ns } = only[operationOf(params).side];
    const value = (
      metric: string,
      unit: ParsedValue['unit'],
      better: ParsedValue['better'],
      number: number,
    ) => ({
      metric,
      unit,
      better,
      value: number,
    });
    return [
      value('fio.bandwidth', 'bytes/s', 'higher', within('a bandwidth of', bw_bytes, plausible.bandwidth)),
      value('fio.iops', 'ops/s', 'higher', within('a rate of', iops, plausible.iops)),
      value(
        'fio.latency_mean',
        'ns',
        'lower',
        within('a mean latency of', clat_ns.mean, plausible.latencyNs),
      ),
      value(
        'fio.latency_p99',
        'ns',
        'lower',
        within('a 99th percentile of', clat_ns.percentile?.['99.000000'], plausible.latencyNs),
      ),
    ];
  },
};
export default fio;
