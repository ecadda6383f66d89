import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { familyOf } from '../../src/core/runtimes/registry.ts';
import {
  fioJob,
  inRange,
  ioDirectoryOf,
  ioMounts,
  ioTarget,
  ioTargetMeaning,
  plausible,
} from '../lib/fio.ts';

const words = messages('workload.fsync', {
  title: 'fsync after every write',
  fsyncs: 'a number of fsyncs of',
  percentile: 'a percentile {name} of',
  meanLatency: 'a mean latency of',
  rate: 'a rate of',
});

const says = notices('workload.fsync', {
  rootInMemory:
    'the root file system’s upper layer is memory of the sandbox (--overlay2=root:self), where fsync reaches no device: compare on a bind mount or a volume',
  otherCount: 'fio synced {synced} of {written} writes',
});

const job = 'sync';
const fileBytes = 4 * 2 ** 20;
/** fio's key of a percentile → the suffix of the metric's id. */
const percentiles = { '50.000000': 'p50', '95.000000': 'p95', '99.000000': 'p99' } as const;

const fsync: Workload = {
  id: 'io/fsync',
  category: 'io',
  image: 'tools',
  title: words.title,
  description: `fio writes blocks of 4 KiB one after the other into a new file and calls fsync after each, for 0.3 s: what a
database's log does. Most of the time is the device's, so a runtime's own part shows best in the median, and only where the
device is fast; on a slow or shared disk all runtimes look alike.

Under gVisor \`rootfs\` is an overlay whose upper layer is memory of the sandbox backed by a file
(\`--overlay2=root:self\`): fsync does not reach a device there, nothing survives the sandbox, and the figure says nothing of
storage. The harness leaves that test out for runsc; compare on \`bind\` or \`volume\`.`,
  parameters: { target: ioTargetMeaning },
  presets: {
    quick: [],
    standard: [{ target: 'bind' }],
    full: [{ target: 'bind' }, { target: 'volume' }, { target: 'rootfs' }],
  },
  metrics: [
    {
      id: 'fsync.p50',
      unit: 'ns',
      better: 'lower',
      description: "median duration of an fsync call, fio's sync.lat_ns",
    },
    { id: 'fsync.p95', unit: 'ns', better: 'lower', description: 'its 95th percentile' },
    { id: 'fsync.p99', unit: 'ns', better: 'lower', description: 'its 99th percentile' },
    { id: 'fsync.mean', unit: 'ns', better: 'lower', description: 'its mean' },
    {
      id: 'fsync.rate',
      unit: 'ops/s',
      better: 'higher',
      description: "writes that were synced, per second (fio's write iops)",
    },
  ],
  precision: 0.1,
  representative: true,
  observe: { kind: 'series' },
  container(params) {
    const target = ioTarget(params.target);
    return {
      command: stamped([
        '/usr/bin/fio',
        `--name=${job}`,
        `--filename=${ioDirectoryOf(target)}/log`,
        `--size=${fileBytes}`,
        '--rw=write',
        '--bs=4k',
        '--ioengine=psync',
        '--fallocate=none',
        '--fsync=1',
        '--time_based',
        '--runtime=300ms',
        '--randseed=1',
        '--thread',
        '--group_reporting',
        '--output-format=json',
      ]),
      stamped: true,
      mounts: ioMounts(target, 4 * fileBytes),
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }): readonly ParsedValue[] {
    const { sync, write } = fioJob(stdout, job);
    // The last write may lack its fsync when the time is up.
    if (sync.total_ios < write.total_ios - 1)
      throw new ParseError(says.otherCount({ synced: sync.total_ios, written: write.total_ios }));
    inRange(words.fsyncs, sync.total_ios, plausible.count);
    return [
      ...Object.entries(percentiles).map(([key, name]) => ({
        metric: `fsync.${name}`,
        unit: 'ns' as const,
        better: 'lower' as const,
        value: inRange(words.percentile({ name }), sync.lat_ns.percentile?.[key], plausible.latencyNs),
      })),
      {
        metric: 'fsync.mean',
        unit: 'ns',
        better: 'lower',
        value: inRange(words.meanLatency, sync.lat_ns.mean, plausible.latencyNs),
      },
      {
        metric: 'fsync.rate',
        unit: 'ops/s',
        better: 'higher',
        value: inRange(words.rate, write.iops, plausible.iops),
      },
    ];
  },
  unsupported: ({ family }, params) =>
    familyOf(family).rootfsInMemory && ioTarget(params.target) === 'rootfs' ? says.rootInMemory : null,
};
export default fsync;
