import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped, untilListening } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, within } from '../lib/task-workload.ts';

const words = messages('workload.redis', {
  title: 'Key-value store: Redis',
  rps: "redis-benchmark's rps",
  columnInNs: "redis-benchmark's {column} in ns",
});

const says = notices('workload.redis', {
  noTable: "not redis-benchmark's table of one test: {output}",
  otherTest: 'redis-benchmark reports {test}, not {op}',
});

const port = 6379;
/** Key that redis-benchmark reads and writes without an option for a range of keys. */
const key = 'key:__rand_int__';

const before = `redis-server --bind 127.0.0.1 --port ${port} --save '' --appendonly no >/dev/null 2>&1 &
${untilListening(port)}
[ "$(redis-cli set ${key} xxx)" = OK ]`;

/** Enough requests for a precision of about 1 %, since redis-benchmark counts milliseconds. */
function requestsOf({ pipeline }: Params): number {
  return Number(pipeline) === 1 ? 5_000 : 40_000;
}

const columns = ['rps', 'avg', 'min', 'p50', 'p95', 'p99', 'max'];
const header =
  '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"';

const redis: Workload = {
  id: 'app/redis',
  category: 'app',
  image: 'servers',
  title: words.title,
  description: `redis-benchmark sends one kind of command to redis-server with values of 3 bytes, 50 connections, over the
loopback device inside the container (no network of Docker's is used). Nothing is written to disk. Without a pipeline each
command is a write, a wake-up and a read on either side, and the store itself does next to nothing: the worst case of a
runtime with its own network stack (with gVisor's \`--network=host\` the host kernel's is used). With a pipeline of 16 the same calls carry 16 commands.

redis-benchmark shares the container's CPUs and computes the rate from whole milliseconds. A unit of work is one
command. The server has started before the work begins.`,
  parameters: { op: 'the command: get (of a key that exists) or set', pipeline: 'commands sent at once' },
  presets: {
    quick: [],
    standard: [{ op: 'get', pipeline: 1 }],
    full: ['get', 'set'].flatMap((op) => [1, 16].map((pipeline) => ({ op, pipeline }))),
    lab: [{ op: 'get', pipeline: 1 }],
    capacity: [{ op: 'get', pipeline: 1 }],
  },
  metrics: [
    { id: 'redis.requests_rate', unit: 'ops/s', better: 'higher', description: "redis-benchmark's rps" },
    { id: 'redis.latency_p50', unit: 'ns', better: 'lower', description: "redis-benchmark's p50_latency_ms" },
    { id: 'redis.latency_p99', unit: 'ns', better: 'lower', description: "redis-benchmark's p99_latency_ms" },
  ],
  precision: 0.05,
  observe: { kind: 'series' },
  container: (params) => ({
    command: stamped(
      [
        '/usr/bin/redis-benchmark',
        '-h',
        '127.0.0.1',
        '-p',
        `${port}`,
        '-t',
        `${params.op}`,
        '-n',
        `${requestsOf(params)}`,
        '-c',
        '50',
        '-P',
        `${params.pipeline}`,
        '--csv',
      ],
      { before },
    ),
    stamped: true,
    timeoutMs: 120_000,
  }),
  parse({ stdout }, params) {
    const lines = stdout.trim().split('\n');
    const cells = /^"(\w+)"((?:,"\d+\.\d+"){7})$/.exec(lines[1] ?? '');
    if (lines.length !== 2 || lines[0] !== header || cells === null)
      throw new ParseError(says.noTable({ output: quoted(stdout) }));
    if (cells[1] !== `${params.op}`.toUpperCase())
      throw new ParseError(says.otherTest({ test: String(cells[1]?.slice(0, 20)), op: String(params.op) }));
    const numbers = [...(cells[2] ?? '').matchAll(/"([^"]+)"/g)].map(([, number]) => Number(number));
    const column = (name: string) => numbers[columns.indexOf(name)] ?? Number.NaN;
    const units = requestsOf(params);
    // Below one command per second, the timeout would have ended the trial.
    const rate = within(words.rps, column('rps'), [1, 1e8]);
    const latency = (name: string) =>
      // Bounds: the histogram's smallest step (1 µs), and the time limit.
      within(words.columnInNs({ column: name }), column(name) * 1e6, [1e3, 120e9]);
    return [
      { metric: 'redis.requests_rate', unit: 'ops/s', better: 'higher', value: rate },
      { metric: 'redis.latency_p50', unit: 'ns', better: 'lower', value: latency('p50') },
      { metric: 'redis.latency_p99', unit: 'ns', better: 'lower', value: latency('p99') },
      { metric: 'work.units', unit: 'count', better: 'neither', value: units },
    ];
  },
};
export default redis;
