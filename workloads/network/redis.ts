import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { networkCaveats, ports, redisServer, waitingPeer } from '../lib/service-workloads.ts';
import { quoted } from '../lib/task-workload.ts';

const words = messages('workload.networkRedis', {
  title: 'Requests to Redis over the network',
});

const says = notices('workload.networkRedis', {
  noCsv: 'not the CSV of redis-benchmark: {output}',
  impossibleRate: 'redis-benchmark reports {rate} requests a second, which cannot be',
  impossibleLatency: 'redis-benchmark reports a latency of {latency} ms, which cannot be',
  disordered: 'the 99th percentile of redis-benchmark is below its median',
});

const client = 'redis-benchmark';
const requests = 12_000;
const columns = [
  'test',
  'rps',
  'avg_latency_ms',
  'min_latency_ms',
  'p50_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
  'max_latency_ms',
];

const row = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',');

/** The one line of figures, by column. Latency is rounded to µs; 0 means that it could not be measured. */
function figuresOf(
  stdout: string,
  { op }: Params,
): { readonly rate: number; readonly p50: number; readonly p99: number } {
  const [head, line = '', ...rest] = stdout.trim().split('\n');
  const cells = line.split(',').map((cell) => /^"([^"]{1,60})"$/.exec(cell)?.[1] ?? '');
  if (
    head !== row(columns) ||
    cells[0] !== String(op).toUpperCase() ||
    cells.length !== columns.length ||
    rest.length > 0
  )
    throw new ParseError(says.noCsv({ output: quoted(stdout) }));
  const [, rate = Number.NaN, , , p50 = Number.NaN, , p99 = Number.NaN] = cells.map(Number);
  // Bounds: one request per second to a hundred million, and 1 µs (its resolution) to a minute.
  if (!(rate > 1 && rate < 1e8)) throw new ParseError(says.impossibleRate({ rate }));
  for (const latency of [p50, p99])
    if (!(latency >= 0.001 && latency < 60_000)) throw new ParseError(says.impossibleLatency({ latency }));
  if (p99 < p50) throw new ParseError(says.disordered);
  return { rate, p50: p50 * 1e6, p99: p99 * 1e6 };
}

const redis: Workload = {
  id: 'network/redis',
  category: 'network',
  image: 'servers',
  title: words.title,
  description: `redis-server keeps everything in memory; redis-benchmark in the peer sends 12 000 requests of one kind
over as many connections as \`connections\` says, each with one request at a time. Requests are tiny, so that almost all of it is the path of packets
and system calls. redis-benchmark measures the whole time in ms, which under runc is a resolution of about 1%.

CPU per unit of work is that of the container under test and the engine while the client ran; a unit is a request.

${networkCaveats}`,
  parameters: {
    op: 'get, set or lpush: the command that is sent, with values of 3 bytes',
    connections: 'connections at once',
  },
  presets: {
    quick: [],
    standard: [{ op: 'get', connections: 16 }],
    full: ['get', 'set', 'lpush'].flatMap((op) => [1, 16].map((connections) => ({ op, connections }))),
  },
  metrics: [
    {
      id: 'redis.requests_rate',
      unit: 'ops/s',
      better: 'higher',
      description: "requests a second (redis-benchmark's rps)",
    },
    { id: 'redis.latency_p50', unit: 'ns', better: 'lower', description: "redis-benchmark's p50_latency_ms" },
    { id: 'redis.latency_p99', unit: 'ns', better: 'lower', description: "redis-benchmark's p99_latency_ms" },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container: () => ({ command: redisServer, network: 'bridge', timeoutMs: 30_000 }),
  peer: () => ({ image: 'servers', command: waitingPeer }),
  steps: ({ op, connections }) => [
    { do: 'await-service', port: ports.redis, protocol: 'redis', mark: 'serving' },
    {
      do: 'peer-exec',
      name: client,
      command: [
        '/usr/bin/redis-benchmark',
        '-h',
        '{address}',
        '-n',
        String(requests),
        '-c',
        String(connections),
        '-t',
        String(op),
        '--csv',
      ],
    },
    { do: 'stop', graceSeconds: 5 },
  ],
  parse(evidence, params): readonly ParsedValue[] {
    const { rate, p50, p99 } = figuresOf(outputOf(evidence, client).stdout, params);
    return [
      { metric: 'redis.requests_rate', unit: 'ops/s', better: 'higher', value: rate },
      { metric: 'redis.latency_p50', unit: 'ns', better: 'lower', value: p50 },
      { metric: 'redis.latency_p99', unit: 'ns', better: 'lower', value: p99 },
      { metric: 'work.units', unit: 'count', better: 'neither', value: requests },
    ];
  },
};
export default redis;
