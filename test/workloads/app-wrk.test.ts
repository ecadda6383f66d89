import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import haproxy from '../../workloads/app/haproxy.ts';
import nginx from '../../workloads/app/nginx.ts';
import nodeHttp from '../../workloads/app/node-http.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const params = { connections: 8 };
const ns: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9 };

test.each(
  [haproxy, nginx, nodeHttp].flatMap((workload) => runtimes.map((runtime) => [workload, runtime] as const)),
)('what wrk prints of $id under %s is read in base units', (workload, runtime) => {
  const text = captured(workload.id.replace('app/', 'wrk-'), `${runtime}.txt`);
  const printed = (pattern: RegExp) => pattern.exec(text) ?? [];
  const [, rate] = printed(/Requests\/sec: +(\S+)/);
  const [, count] = printed(/(\d+) requests in/);
  const [, p99, unit = ''] = printed(/99% +([\d.]+)(us|ms|s)/);
  const values = valuesOf(workload.parse(output(text), params));
  expect(values['wrk.requests_rate']).toBe(Number(rate));
  expect(values['work.units']).toBe(Number(count));
  expect(values['wrk.latency_p99']).toBeCloseTo(Number(p99) * (ns[unit] ?? Number.NaN), 3);
  expect(values['wrk.latency_p50']).toBeLessThanOrEqual(values['wrk.latency_p99'] ?? 0);
});

test.each([
  [
    'with errors of the server',
    (t: string) => t.replace('Requests/sec', '  Non-2xx or 3xx responses: 5\nRequests/sec'),
  ],
  [
    'with errors of sockets',
    (t: string) =>
      t.replace('Requests/sec', '  Socket errors: connect 0, read 0, write 0, timeout 3\nRequests/sec'),
  ],
  ['whose rate contradicts its count', (t: string) => t.replace(/(\d+) requests in/, '1$1 requests in')],
  ['without a rate', (t: string) => t.replace('Requests/sec', 'Requests')],
  ['without the distribution', (t: string) => t.replace(/^ +99%.*\n/m, '')],
  ['of a server that could not be reached', () => 'unable to connect to 127.0.0.1:8080 Connection refused\n'],
])('a report %s is no data point', (_, change) => {
  const text = captured('wrk-nginx', 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => nginx.parse(output(change(text)), params)).toThrow(ParseError);
});

test('hostile output is refused', () =>
  survivesHostileOutput(nginx, captured('wrk-nginx', 'runc.txt'), params));
