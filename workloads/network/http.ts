import { messages, notices } from '../../src/core/messages/define.ts';
import { outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { networkCaveats, nginxServer, ports, waitingPeer } from '../lib/service-workloads.ts';
import { quoted } from '../lib/task-workload.ts';

const words = messages('workload.http', {
  title: 'HTTP requests to nginx',
});

const says = notices('workload.http', {
  noPercentile: "no believable {percentile}th percentile in wrk's output: {output}",
  failed: 'requests failed: {line}',
  noRate: "no rate of requests in wrk's output: {output}",
  otherTime: 'wrk asked for {took} s, not {seconds}',
  disagrees: "wrk's {requests} requests in {took} s are not {rate} a second",
  otherBytes: 'wrk read {read} bytes in {requests} answers of {bytes}',
});

const client = 'wrk';
const seconds = 1;
const units: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

function latency(stdout: string, percentile: number): number {
  const [, number, unit = ''] =
    new RegExp(`^ +${percentile}% +(\\d+\\.\\d+)(us|ms|s|m)$`, 'm').exec(stdout) ?? [];
  const ns = Number(number) * (units[unit] ?? Number.NaN);
  // A request on the same host takes longer than a system call; wrk's timeout is 2 s.
  if (!(ns > 1e3 && ns < 10e9))
    throw new ParseError(says.noPercentile({ percentile, output: quoted(stdout) }));
  return ns;
}

const http: Workload = {
  id: 'network/http',
  category: 'network',
  image: 'servers',
  title: words.title,
  description: `nginx with one worker serves a small file; wrk in the peer asks for it over connections that stay open, each with one
request at a time, for a second. Latency is what wrk sees, and at full load it is mostly waiting: with twice
as many connections it doubles. A request that fails, or is answered with anything but success, fails the trial.

CPU per unit of work is that of the container under test and the engine while wrk ran; a unit is a request.

${networkCaveats}`,
  parameters: {
    connections: 'connections at once',
    bytes: 'size of the file, bytes',
  },
  presets: {
    quick: [],
    standard: [{ connections: 16, bytes: 1024 }],
    full: [1, 16, 64].flatMap((connections) => [1024, 102_400].map((bytes) => ({ connections, bytes }))),
  },
  metrics: [
    {
      id: 'http.requests_rate',
      unit: 'ops/s',
      better: 'higher',
      description: "requests a second (wrk's Requests/sec)",
    },
    { id: 'http.latency_p50', unit: 'ns', better: 'lower', description: "median of wrk's latency" },
    { id: 'http.latency_p99', unit: 'ns', better: 'lower', description: "99th percentile of wrk's latency" },
  ],
  precision: 0.05,
  representative: true,
  observe: { kind: 'series' },
  container: ({ bytes }) => ({ command: nginxServer(Number(bytes)), network: 'bridge', timeoutMs: 30_000 }),
  peer: () => ({ image: 'servers', command: waitingPeer }),
  steps: ({ connections }) => [
    { do: 'await-service', port: ports.nginx, protocol: 'http', mark: 'serving' },
    {
      do: 'peer-exec',
      name: client,
      command: [
        '/usr/bin/wrk',
        '--threads=1',
        `--connections=${connections}`,
        `--duration=${seconds}s`,
        '--latency',
        `http://{address}:${ports.nginx}/`,
      ],
    },
    { do: 'stop', graceSeconds: 5 },
  ],
  parse(evidence, params): readonly ParsedValue[] {
    const { stdout } = outputOf(evidence, client);
    const wrong = /^ *(Socket errors|Non-2xx or 3xx responses): [ -~]{0,80}$/m.exec(stdout);
    if (wrong !== null) throw new ParseError(says.failed({ line: wrong[0].trim() }));
    const total = /^ +(\d{1,12}) requests in (\d+\.\d+)(ms|s), (\d+\.\d+)(|K|M|G|T)B read$/m.exec(stdout);
    const rate = Number(/^Requests\/sec: +(\d+\.\d+)$/m.exec(stdout)?.[1]);
    if (total === null || !(rate > 0.1 && rate < 1e8))
      throw new ParseError(says.noRate({ output: quoted(stdout) }));
    const requests = Number(total[1]);
    const took = Number(total[2]) * (total[3] === 'ms' ? 1e-3 : 1);
    if (!(took > seconds * 0.9 && took < seconds * 3))
      throw new ParseError(says.otherTime({ took, seconds }));
    // wrk rounds the time to 10 ms.
    if (!(Math.abs(requests / took / rate - 1) < 0.05))
      throw new ParseError(says.disagrees({ requests, took, rate }));
    const powers: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4 };
    const read = Number(total[4]) * 1024 ** (powers[total[5] ?? ''] ?? 0);
    if (read < 0.9 * requests * Number(params.bytes))
      throw new ParseError(says.otherBytes({ read, requests, bytes: String(params.bytes) }));
    return [
      { metric: 'http.requests_rate', unit: 'ops/s', better: 'higher', value: rate },
      { metric: 'http.latency_p50', unit: 'ns', better: 'lower', value: latency(stdout, 50) },
      { metric: 'http.latency_p99', unit: 'ns', better: 'lower', value: latency(stdout, 99) },
      { metric: 'work.units', unit: 'count', better: 'neither', value: requests },
    ];
  },
};
export default http;
