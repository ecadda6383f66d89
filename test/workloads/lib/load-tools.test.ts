import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLoad } from '../../../workloads/lib/load-tools.ts';
import { loadMetrics, parseLoad } from '../../../workloads/lib/service-load.ts';

const report = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/load-tools', `${name}.txt`), 'utf8');
const read = (tool: string, name: string) =>
  Object.fromEntries(parseLoad([tool], report(name), 5e8).map(({ metric, value }) => [metric, value]));

describe('a report is read', () => {
  test.each<readonly [string, string, Readonly<Record<string, number>>]>([
    ['/usr/bin/wrk', 'wrk', { 'load.rate': 19304.71, 'work.units': 19440 }],
    [
      'wrk',
      'wrk-l',
      { 'load.rate': 7704.7, 'load.latency_p50': 689e3, 'load.latency_p99': 16.24e6, 'work.units': 7740 },
    ],
    ['ab', 'ab', { 'load.rate': 2444.97, 'load.latency_mean': 3.272e6, 'work.units': 2000 }],
    ['ab', 'ab-t', { 'load.rate': 6226.29, 'load.latency_mean': 642e3, 'work.units': 6231 }],
    [
      'hey',
      'hey',
      { 'load.rate': 16453.4724, 'load.latency_p50': 3e5, 'load.latency_p99': 5.1e6, 'work.units': 2000 },
    ],
    [
      'redis-benchmark',
      'redis',
      { 'load.rate': 53763.44, 'load.latency_p50': 503e3, 'load.latency_p99': 3.223e6, 'work.units': 5000 },
    ],
    ['redis-benchmark', 'redis-q', { 'load.rate': 23364.49, 'load.latency_p50': 623e3 }],
    [
      'redis-benchmark',
      'redis-csv',
      { 'load.rate': 31250, 'load.latency_p50': 495e3, 'load.latency_p99': 9.167e6 },
    ],
    ['curl', 'wrk', { 'load.time': 5e8 }],
  ])('of %s: %s', (tool, name, expected) => {
    const found = read(tool, name);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [metric, value] of Object.entries(expected)) expect(found[metric]).toBeCloseTo(value, 3);
    const known = loadMetrics([tool]).map(({ id }) => id);
    expect(Object.keys(found)[0]).toBe(known[0]);
    expect(Object.keys(found).filter((id) => id !== 'work.units' && !known.includes(id))).toEqual([]);
  });
});

describe('a report of requests that failed is no measurement', () => {
  test.each([
    ['wrk', 'wrk-bad', 'Non-2xx or 3xx responses: 6660'],
    ['wrk', 'wrk-refused', 'no rate of requests'],
    ['ab', 'ab-bad', 'Non-2xx responses:'],
    ['hey', 'hey-bad', '[500]'],
    ['hey', 'hey-err', 'connect: connection refused'],
    ['redis-benchmark', 'redis-csv2', 'reports 2 tests'],
    ['ab', 'wrk', 'no rate of requests'],
    ['hey', 'ab', 'no rate of requests'],
    ['redis-benchmark', 'hey', 'no rate of requests'],
  ])('%s: %s', (tool, name, message) => {
    expect(() => read(tool, name)).toThrow(message);
  });

  test('nor is an impossible one', () => {
    const zero = report('wrk').replace('19304.71', '0.00');
    expect(() => parseLoad(['wrk'], zero, 1)).toThrow('which cannot be');
  });
});

const byForm = { rate: null, requests: null };

describe('a report is known by its form', () => {
  const tool = (name: string, file: string) =>
    readFileSync(join(import.meta.dirname, '../../fixtures/tools', name, file), 'utf8');

  test.each<readonly [string, string, object]>([
    ['wrk', report('wrk-l'), { rate: 7704.7, requests: 7740, p50: 689e3, p95: null, p99: 16.24e6 }],
    ['ab', report('ab'), { rate: 2444.97, requests: 2000, mean: 3.272e6 }],
    ['hey', report('hey'), { rate: 16453.4724, requests: 2000, p50: 3e5, p95: 1e6, p99: 5.1e6 }],
    ['redis-benchmark', report('redis-csv'), { rate: 31250, p95: 3.695e6, requests: null }],
    ['pgbench', tool('pgbench', 'runc.txt'), { rate: 4696.709955, requests: 400, mean: 852e3 }],
    ['fio', tool('fio', 'runc.json'), { rate: 558946.843854, requests: 168243 }],
  ])('%s', (name, output, expected) => {
    const found = readLoad(`warming up\n${output}`, byForm);
    expect(found).toMatchObject({ tool: name, failed: null });
    for (const [key, value] of Object.entries(expected))
      if (value === null) expect(found[key as 'p50']).toBeNull();
      else expect(found[key as 'p50']).toBeCloseTo(value as number, 3);
  });

  // The forms of grafana.com/docs/k6: before 1.0, and since.
  test.each([
    [
      [
        'http_req_duration..............: avg=144.56ms min=104.11ms med=110.47ms max=1.14s p(90)=203.54ms p(95)=1m1.5s p(99)=2.5s',
        'http_req_failed................: 0.00% ✓ 0 ✗ 180',
        'http_reqs......................: 180 4.36938/s',
      ],
      { rate: 4.36938, requests: 180, p50: 110.47e6, p95: 61.5e9, p99: 2.5e9, failed: null },
    ],
    [
      [
        '    http_req_duration..................: avg=140.36ms   min=119.08ms med=140.96ms max=154.63ms p(95)=148.21ms',
        '    http_req_failed....................: 2.22%  1 out of 45',
        '    http_reqs..........................: 45     6.561089/s',
      ],
      { rate: 6.561089, requests: 45, p50: 140.96e6, p95: 148.21e6, p99: null, failed: /2\.22%/ },
    ],
  ])('k6 %#', (lines, { failed, ...expected }) => {
    const found = readLoad(lines.map((line) => `  ${line}`).join('\n'), byForm);
    expect(found).toMatchObject({ tool: 'k6', ...expected });
    if (failed === null) expect(found.failed).toBeNull();
    else expect(found.failed).toMatch(failed);
  });

  test('requests that failed are said with the report', () => {
    expect(readLoad(report('wrk-bad'), byForm).failed).toMatch('Non-2xx or 3xx responses: 6660');
    expect(() => readLoad(report('wrk-refused'), byForm)).toThrow('no report that is known');
    expect(() => readLoad('', byForm)).toThrow('no report that is known');
    const both = `${report('wrk')}\n${report('redis')}`;
    expect(() => readLoad(both, byForm)).toThrow('reports of wrk, redis-benchmark');
  });

  test('a pattern finds the last number', () => {
    const rate = /rate: ([\d.]+)/;
    const output = 'rate: 10 of 5\nrate: 12.5 of 70\nend';
    expect(readLoad(output, { rate, requests: / of (\d+)/ })).toMatchObject({ rate: 12.5, requests: 70 });
    expect(readLoad(output, { rate, requests: null }).requests).toBeNull();
    expect(() => readLoad('rate: none', { rate: /rate: ([\d.]*)/, requests: null })).toThrow(
      'no line of its output',
    );
  });

  test('a pattern hides no requests that failed', () => {
    const rate = /^Requests\/sec: +([\d.]+)/;
    expect(readLoad(report('wrk-bad'), { rate, requests: null })).toMatchObject({
      failed: 'Non-2xx or 3xx responses: 6660',
    });
  });

  test('of a line the begin is looked at: patterns take quadratic time on what others make long', () => {
    const hey = (blanks: number) => `${' '.repeat(blanks)}Requests/sec: 5.0\n  [200]\t5 responses`;
    expect(readLoad(hey(10), byForm).rate).toBe(5);
    expect(() => readLoad(hey(2_000), byForm)).toThrow('no report that is known');
  });
});
