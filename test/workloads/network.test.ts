import { describe, expect, test } from 'vitest';
import { subjectRecords } from '../../src/core/measure/schedule/subjects.ts';
import type { RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import http from '../../workloads/network/http.ts';
import iperf3 from '../../workloads/network/iperf3.ts';
import redis from '../../workloads/network/redis.ts';
import echo from '../../workloads/startup/echo.ts';
import serving from '../../workloads/startup/serving.ts';
import servingNode from '../../workloads/startup/serving-node.ts';
import { runtimeFacts } from '../support/records.ts';
import { captured, output, survivesHostileOutput, valuesOf } from './support.ts';

/** Runtimes with a network here; the others are registered without one. */
const connected = ['runc', 'crun', 'runsc-hostnet'] as const;

/** What a program in the peer printed; the server's own output is not read. */
function told(step: string, stdout: string): Evidence {
  return output('', { outputs: { [step]: { stdout, stderr: '', truncated: false } } });
}

/** The workload as one whose parser reads the container's own output, for {@link survivesHostileOutput}. */
function direct(workload: Workload, step: string): Workload {
  return { ...workload, parse: ({ stdout }, params) => workload.parse(told(step, stdout), params) };
}

const upload: Params = { direction: 'upload', streams: 1 };
const download: Params = { direction: 'download', streams: 4 };
const pages: Params = { connections: 16, bytes: 1024 };
const gets: Params = { op: 'get', connections: 16 };

const clients = [
  { workload: iperf3, step: 'iperf3', fixture: 'iperf3', ending: '.json', params: upload },
  { workload: iperf3, step: 'iperf3', fixture: 'iperf3', ending: '-download4.json', params: download },
  { workload: http, step: 'wrk', fixture: 'wrk', ending: '.txt', params: pages },
  { workload: redis, step: 'redis-benchmark', fixture: 'redis-benchmark', ending: '.csv', params: gets },
] as const;

/** Why a run does not measure it under a gVisor with this network. */
function whyNot(workload: Workload, params: Params, network: RuntimeFacts['network']): string | undefined {
  const runtime = { ...runtimeFacts('runsc'), network };
  return subjectRecords(
    [{ workload, params }],
    [runtime],
    { local: true },
    { noNetwork: null, isRoot: true },
  )[0]?.unsupported.runsc;
}

test('a start with a network is not compared under a runtime that has none', () => {
  expect(whyNot(echo, { network: 'bridge' }, 'none')).toContain('--network=none');
  expect(whyNot(echo, { network: 'bridge' }, 'sandbox')).toBeUndefined();
  expect(whyNot(echo, {}, 'none')).toBeUndefined();
});

describe.each(clients)('$workload.id $params', ({ workload, step, fixture, ending, params }) => {
  const seen = (runtime: string) => captured(fixture, `${runtime}${ending}`);

  test.each(connected)('%s: every metric and the amount of work', (runtime) => {
    const values = valuesOf(workload.parse(told(step, seen(runtime)), params));
    expect(Object.keys(values)).toEqual([...workload.metrics.map(({ id }) => id), 'work.units']);
    for (const value of Object.values(values)) expect(value).toBeGreaterThan(0);
  });

  test('hostile output gives a ParseError', () => {
    survivesHostileOutput(direct(workload, step), seen('runc'), params);
  });

  test('without the step there is a ParseError', () => {
    expect(() => workload.parse(output(seen('runc')), params)).toThrow(ParseError);
  });

  test('it needs a network, and says how to get one', () => {
    expect(workload.container(params).network).toBe('bridge');
    const reason = whyNot(workload, params, 'none');
    expect(reason).toContain('--network=none');
    expect(reason).toContain('runtimeArgs');
    for (const network of ['host', 'sandbox', null])
      expect(whyNot(workload, params, network)).toBeUndefined();
  });
});

test('iperf3: bytes over seconds of the receiver, all streams, and MiB as work', () => {
  const report = JSON.parse(captured('iperf3', 'runc-download4.json'));
  const values = valuesOf(iperf3.parse(told('iperf3', JSON.stringify(report)), download));
  const { bytes, seconds } = report.end.sum_received;
  expect(values['iperf3.bandwidth']).toBe(bytes / seconds);
  expect(values['work.units']).toBe(bytes / 2 ** 20);
  const streams: { receiver: { bytes: number } }[] = report.end.streams;
  expect(streams).toHaveLength(4);
  expect(streams.reduce((sum, { receiver }) => sum + receiver.bytes, 0)).toBe(bytes);
});

test.each([
  ['another direction', { ...upload, direction: 'download' }],
  ['another number of streams', { ...upload, streams: 4 }],
])('iperf3: %s than was asked for is refused', (_, asked) => {
  expect(() => iperf3.parse(told('iperf3', captured('iperf3', 'runc.json')), asked)).toThrow('another test');
});

test.each([
  ['half the time', { sum_received: { bytes: 1e9, seconds: 0.5 } }],
  ['nothing received', { sum_received: { bytes: 0, seconds: 1 } }],
  ['more than any memory', { sum_received: { bytes: 1e15, seconds: 1 } }],
  ['negative CPU', { cpu_utilization_percent: { host_total: -1 } }],
])('iperf3: %s is refused', (_, end) => {
  const report = JSON.parse(captured('iperf3', 'runc.json'));
  const spoilt = JSON.stringify({ ...report, end: { ...report.end, ...end } });
  expect(() => iperf3.parse(told('iperf3', spoilt), upload)).toThrow(ParseError);
});

const wrkLines = `Running 1s test @ http://172.17.0.3:8080/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.00ms    1.00ms  10.00ms   90.00%
    Req/Sec     2.00k     1.00k    3.00k    90.00%
  Latency Distribution
     50%  250.00us
     75%    1.00ms
     90%    1.50ms
     99%    1.20s
  2000 requests in 1.00s, 2.40MB read
Requests/sec:   2000.00
Transfer/sec:      2.40MB
`;

test('wrk: its units become ns', () => {
  expect(valuesOf(http.parse(told('wrk', wrkLines), pages))).toEqual({
    'http.requests_rate': 2000,
    'http.latency_p50': 250_000,
    'http.latency_p99': 1_200_000_000,
    'work.units': 2000,
  });
});

test.each([
  [
    'a socket error',
    wrkLines.replace('Requests/sec', '  Socket errors: connect 0, read 3, write 0, timeout 0\nRequests/sec'),
  ],
  [
    'an answer that is none',
    wrkLines.replace('Requests/sec', '  Non-2xx or 3xx responses: 2000\nRequests/sec'),
  ],
  ['half the time', wrkLines.replace('in 1.00s', 'in 500.00ms')],
  ['a rate that is not its requests over its time', wrkLines.replace('2000.00', '9000.00')],
  ['fewer bytes than the answers hold', wrkLines.replace('2.40MB read', '1.00MB read')],
  ['a latency of a thousand seconds', wrkLines.replace('1.20s', '99.00m')],
  ['no percentiles', wrkLines.replace(/^ +\d\d%.*\n/gm, '')],
])('wrk: %s is refused', (_, spoilt) => {
  expect(spoilt).not.toBe(wrkLines);
  expect(() => http.parse(told('wrk', spoilt), pages)).toThrow(ParseError);
});

const csv = (line: string) =>
  `"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"\n${line}\n`;

test('redis-benchmark: ms become ns', () => {
  const good = csv('"GET","100000.00","0.105","0.016","0.087","0.135","0.215","9.079"');
  expect(valuesOf(redis.parse(told('redis-benchmark', good), gets))).toEqual({
    'redis.requests_rate': 100_000,
    'redis.latency_p50': 87_000,
    'redis.latency_p99': 215_000,
    'work.units': 12_000,
  });
});

test.each([
  ['another command', '"SET","100000.00","0.105","0.016","0.087","0.135","0.215","9.079"'],
  [
    'two commands',
    '"GET","1000.00","0.1","0.1","0.1","0.1","0.2","9.0"\n"GET","1000.00","0.1","0.1","0.1","0.1","0.2","9.0"',
  ],
  ['an infinite rate', '"GET","inf","0.105","0.016","0.087","0.135","0.215","9.079"'],
  ['no latency', '"GET","100000.00","0.000","0.000","0.000","0.000","0.000","0.000"'],
  ['percentiles out of order', '"GET","100000.00","0.105","0.016","0.287","0.335","0.215","9.079"'],
  ['an empty figure', '"GET","100000.00","0.105","0.016","","0.335","0.215","9.079"'],
])('redis-benchmark: %s is refused', (_, line) => {
  expect(() => redis.parse(told('redis-benchmark', csv(line)), gets)).toThrow(ParseError);
});

describe.each([
  [serving, { server: 'redis', seen: 'log' }],
  [serving, { server: 'nginx', seen: 'network' }],
  [servingNode, { server: 'node', seen: 'network' }],
] as const)('$id', (workload, params) => {
  const marks = [
    { name: 'create-begin', atNs: 0 },
    { name: 'start-begin', atNs: 40e6 },
    { name: 'serving', atNs: 300e6 },
    { name: 'stop-begin', atNs: 301e6 },
    { name: 'stop-end', atNs: 351e6 },
  ];

  test('durations are taken from the harness’s own marks', () => {
    expect(valuesOf(workload.parse(output('', { marks, exitCode: 0 }), params))).toEqual({
      'startup.to_serving': 300e6,
      'startup.start_to_serving': 260e6,
      'startup.stop': 50e6,
    });
  });

  test('a server that had to be killed, or never served, is no measurement', () => {
    expect(() => workload.parse(output('', { marks, exitCode: 137 }), params)).toThrow('SIGTERM');
    const never = marks.filter(({ name }) => name !== 'serving');
    expect(() => workload.parse(output('', { marks: never }), params)).toThrow('no mark serving');
  });

  test('it has a network exactly where it is asked over it', () => {
    const network = params.seen === 'network';
    expect(workload.container(params).network).toBe(network ? 'bridge' : undefined);
    expect(workload.steps?.(params)[0]?.do).toBe(network ? 'await-service' : 'await-output');
    expect(whyNot(workload, params, 'none') === undefined).toBe(!network);
  });

  test('an unknown server is a programming error', () => {
    expect(() => workload.container({ ...params, server: 'constructor' })).toThrow(RangeError);
  });
});
