import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped, untilListening } from '../../src/core/model/trial/stamped.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, within } from './task-workload.ts';

/**
 * Bash script: starts nginx with one worker and no log, which serves a page of 1 KiB on a port of 127.0.0.1. Returns when it
 * listens.
 */
export function serveByNginx(port: number): string {
  return `mkdir -p /srv /run /var/log/nginx /var/lib/nginx
printf 'x%.0s' {1..1024} > /srv/index.html
cat > /run/nginx.conf <<'END'
user root;
worker_processes 1;
error_log /dev/null crit;
pid /run/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  keepalive_requests 100000000;
  server { listen 127.0.0.1:${port}; root /srv; }
}
END
nginx -c /run/nginx.conf >/dev/null
${untilListening(port)}`;
}

const words = messages('tool.wrk', {
  latencyInNs: "wrk's {percentile}% latency in ns",
  requests: "wrk's number of requests",
  requestRate: "wrk's requests a second",
});

const says = notices('tool.wrk', {
  noLatency: "no {percentile}% latency in wrk's report: {output}",
  trouble: 'wrk reports {output}',
  noRate: "no rate of requests in wrk's report: {output}",
  disagrees: 'wrk reports {count} requests in {seconds} s, and {perSecond} a second',
});

/** Metrics of wrk's report, the same for every server. */
const wrkMetrics: readonly MetricDefinition[] = [
  { id: 'wrk.requests_rate', unit: 'ops/s', better: 'higher', description: "wrk's Requests/sec" },
  {
    id: 'wrk.latency_p50',
    unit: 'ns',
    better: 'lower',
    description: "median latency of a request: 50% of wrk's Latency Distribution",
  },
  { id: 'wrk.latency_p99', unit: 'ns', better: 'lower', description: '99% of the same distribution' },
];

/** wrk with one thread, for one second, its minimum; `--latency` prints the distribution. */
function wrkCommand(url: string, connections: number): readonly string[] {
  return ['/usr/bin/wrk', '--threads=1', `--connections=${connections}`, '--duration=1s', '--latency', url];
}

const units: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

function latencyNs(stdout: string, percentile: number): number {
  const found = new RegExp(`^ +${percentile}% +(\\d+\\.\\d+)(us|ms|s|m)$`, 'm').exec(stdout);
  if (found === null) throw new ParseError(says.noLatency({ percentile, output: quoted(stdout) }));
  // A request is several system calls on either side (a microsecond at least); wrk's timeout of a request is 2 s.
  const ns = Number(found[1]) * (units[found[2] ?? ''] ?? Number.NaN);
  return within(words.latencyInNs({ percentile }), ns, [1e3, 10e9]);
}

/**
 * Parse wrk's report (as wrk 4.1 prints it: `src/wrk.c`, `main`) into its figures and the requests as units of work.
 * ParseError on another report, on error responses (`Non-2xx or 3xx responses`) and on `Socket errors`: the page was
 * then not served.
 */
function parseWrk(stdout: string): ParsedValue[] {
  const trouble = /^ +(Socket errors: .*|Non-2xx or 3xx responses: .*)$/m.exec(stdout);
  if (trouble !== null) throw new ParseError(says.trouble({ output: quoted(trouble[1] ?? '') }));
  const requests = /^ +(\d+) requests in (\d+\.\d+)(ms|s|m), /m.exec(stdout);
  const rate = /^Requests\/sec: +(\d+\.\d+)$/m.exec(stdout);
  if (requests === null || rate === null) throw new ParseError(says.noRate({ output: quoted(stdout) }));
  const count = within(words.requests, Number(requests[1]), [1, 1e8]);
  const perSecond = within(words.requestRate, Number(rate[1]), [0.01, 1e7]);
  // wrk prints the seconds to 10 ms, so the two can differ by rounding, but no more.
  const seconds = (Number(requests[2]) * (units[requests[3] ?? ''] ?? Number.NaN)) / 1e9;
  if (!(Math.abs(count / perSecond / seconds - 1) < 0.05))
    throw new ParseError(says.disagrees({ count, seconds, perSecond }));
  return [
    { metric: 'wrk.requests_rate', unit: 'ops/s', better: 'higher', value: perSecond },
    { metric: 'wrk.latency_p50', unit: 'ns', better: 'lower', value: latencyNs(stdout, 50) },
    { metric: 'wrk.latency_p99', unit: 'ns', better: 'lower', value: latencyNs(stdout, 99) },
    { metric: 'work.units', unit: 'count', better: 'neither', value: count },
  ];
}

/**
 * The common part of workloads in which wrk sends requests to a server in the same container. `before`: starts the server and
 * waits until it listens.
 */
export function askedByWrk(
  port: number,
  before: string,
): Pick<Workload, 'parameters' | 'metrics' | 'precision' | 'observe' | 'container' | 'parse'> {
  return {
    parameters: { connections: 'connections that wrk keeps busy' },
    metrics: wrkMetrics,
    precision: 0.05,
    observe: { kind: 'series' },
    container: ({ connections }) => ({
      command: stamped(wrkCommand(`http://127.0.0.1:${port}/`, Number(connections)), { before }),
      stamped: true,
      timeoutMs: 60_000,
    }),
    parse: ({ stdout }) => parseWrk(stdout),
  };
}
