import * as z from 'zod';
import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { networkCaveats, waitingPeer } from '../lib/service-workloads.ts';

const words = messages('workload.iperf3', {
  title: 'Bulk transfer over TCP',
});

const says = notices('workload.iperf3', {
  noJson: "no JSON in iperf3's output: {output}",
  badReport: "iperf3's report: {path}: {message}",
  otherTest: 'iperf3 did another test than was asked for: {output}, not {wanted}',
  otherTime: 'iperf3 transferred for {took} s, not {seconds}',
  impossibleBytes: 'iperf3 reports {bytes} bytes in {took} s, which cannot be',
  impossibleCpu: 'iperf3 reports {cpu}% of CPU, which cannot be',
});

const seconds = 1;
const client = 'iperf3';

const sumSchema = z.object({ bytes: z.number(), seconds: z.number() });
const reportSchema = z.object({
  start: z.object({
    test_start: z.object({ protocol: z.string(), num_streams: z.number(), reverse: z.number() }),
  }),
  end: z.object({
    sum_received: sumSchema,
    cpu_utilization_percent: z.object({ host_total: z.number() }),
  }),
});

/** Bounds: a modem, and ten times the bandwidth of today's memory. Outside them, iperf3 or its clock is broken. */
const plausibleBandwidth = [1e3, 1e12] as const;

function reportOf(stdout: string): z.infer<typeof reportSchema> {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    throw new ParseError(says.noJson({ output: JSON.stringify(stdout.slice(0, 120)) }));
  }
  const parsed = reportSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ParseError(
    says.badReport({ path: String(issue?.path.join('.')), message: String(issue?.message).slice(0, 250) }),
  );
}

function checkKind({ start }: z.infer<typeof reportSchema>, params: Params): void {
  const { protocol, num_streams, reverse } = start.test_start;
  const wanted = {
    protocol: 'TCP',
    num_streams: params.streams,
    reverse: params.direction === 'download' ? 1 : 0,
  };
  const got = { protocol, num_streams, reverse };
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new ParseError(
      says.otherTest({ output: JSON.stringify(got).slice(0, 120), wanted: JSON.stringify(wanted) }),
    );
}

const iperf3: Workload = {
  id: 'network/iperf3',
  category: 'network',
  image: 'servers',
  title: words.title,
  description: `iperf3 sends as much as it can over TCP for a second, between a peer and the container under test. An *upload* goes from
the peer into the container, a *download* out of it. The figure is what the receiving side counted, over all streams.

CPU per unit of work is that of the container under test and the engine while the client ran; a unit is a MiB received. What the client
used in the peer is reported beside it, as iperf3 says it.

${networkCaveats}`,
  parameters: {
    direction: 'upload: from the peer into the container; download: out of it (-R)',
    streams: 'TCP connections at once; the figure is their sum',
  },
  presets: {
    quick: [],
    standard: [{ direction: 'upload', streams: 1 }],
    full: ['upload', 'download'].flatMap((direction) => [1, 4].map((streams) => ({ direction, streams }))),
  },
  metrics: [
    {
      id: 'iperf3.bandwidth',
      unit: 'bytes/s',
      better: 'higher',
      description: 'bytes that the receiver counted over its seconds, all streams (end.sum_received)',
    },
    {
      id: 'iperf3.peer_cpu',
      unit: 'ns',
      better: 'neither',
      description: 'CPU time of the client in the peer, under runc (end.cpu_utilization_percent.host_total)',
    },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container: () => ({
    command: ['/usr/bin/iperf3', '--server', '--forceflush'],
    network: 'bridge',
    timeoutMs: 30_000,
  }),
  peer: () => ({ image: 'servers', command: waitingPeer }),
  steps: ({ direction, streams }) => [
    { do: 'await-output', text: 'Server listening', mark: 'serving' },
    {
      do: 'peer-exec',
      name: client,
      command: [
        '/usr/bin/iperf3',
        '--client',
        '{address}',
        '--json',
        `--time=${seconds}`,
        `--parallel=${streams}`,
        ...(direction === 'download' ? ['--reverse'] : []),
      ],
    },
    { do: 'kill' },
  ],
  parse(evidence, params): readonly ParsedValue[] {
    const report = reportOf(outputOf(evidence, client).stdout);
    checkKind(report, params);
    const { bytes, seconds: took } = report.end.sum_received;
    const cpu = report.end.cpu_utilization_percent.host_total;
    if (!(took > seconds * 0.9 && took < seconds * 3))
      throw new ParseError(says.otherTime({ took, seconds }));
    const [low, high] = plausibleBandwidth;
    if (!(bytes / took > low && bytes / took < high))
      throw new ParseError(says.impossibleBytes({ bytes, took }));
    if (!(cpu >= 0 && cpu < 1e5)) throw new ParseError(says.impossibleCpu({ cpu }));
    return [
      { metric: 'iperf3.bandwidth', unit: 'bytes/s', better: 'higher', value: bytes / took },
      { metric: 'iperf3.peer_cpu', unit: 'ns', better: 'neither', value: (cpu / 100) * took * 1e9 },
      { metric: 'work.units', unit: 'count', better: 'neither', value: bytes / 2 ** 20 },
    ];
  },
};
export default iperf3;
