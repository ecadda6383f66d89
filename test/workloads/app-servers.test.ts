import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import postgres from '../../workloads/app/postgres.ts';
import redis from '../../workloads/app/redis.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const get = { op: 'get', pipeline: 1 };
const tpcb = { script: 'tpcb', storage: 'tmpfs' };

test.each(runtimes)('the table of redis-benchmark under %s is read as printed', (runtime) => {
  const text = captured('redis-benchmark', `${runtime}.txt`);
  const cells = (text.split('\n')[1] ?? '').split(',').map((cell) => Number(cell.replaceAll('"', '')));
  const values = valuesOf(redis.parse(output(text), get));
  expect(values['redis.requests_rate']).toBe(cells[1]);
  expect(values['redis.latency_p50']).toBeCloseTo((cells[4] ?? 0) * 1e6, 3);
  expect(values['redis.latency_p99']).toBeCloseTo((cells[6] ?? 0) * 1e6, 3);
  expect(values['work.units']).toBe(5_000);
});

test.each([
  ['of another command', (t: string) => t.replace('"GET"', '"SET"')],
  ['of more than one test', (t: string) => `${t}${t.split('\n')[1]}\n`],
  ['with other columns', (t: string) => t.replace('"p50_latency_ms"', '"p51_latency_ms"')],
  ['with no commands a second', (t: string) => t.replace(/("GET",)"[\d.]+"/, '$1"0.00"')],
])('a table of redis-benchmark %s is no data point', (_, change) => {
  const text = captured('redis-benchmark', 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => redis.parse(output(change(text)), get)).toThrow(ParseError);
});

test.each(runtimes)('the report of pgbench under %s is read as printed', (runtime) => {
  const text = captured('pgbench', `${runtime}.txt`);
  const printed = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const values = valuesOf(postgres.parse(output(text), tpcb));
  expect(values['pgbench.transactions_rate']).toBe(printed(/tps = ([\d.]+)/));
  expect(values['pgbench.latency_mean']).toBeCloseTo(printed(/latency average = ([\d.]+)/) * 1e6, 3);
  expect(values['pgbench.connect']).toBeCloseTo(printed(/connection time = ([\d.]+)/) * 1e6, 3);
  expect(values['work.units']).toBe(400);
});

test.each([
  ['cut short', (t: string) => t.replace('processed: 400/400', 'processed: 399/400')],
  ['of other parameters', (t: string) => t.replaceAll('400/400', '500/500')],
  ['with failed transactions', (t: string) => t.replace('failed transactions: 0', 'failed transactions: 2')],
  ['without a rate', (t: string) => t.replace('tps = ', 'rate = ')],
  ['with an absurd rate', (t: string) => t.replace(/tps = [\d.]+/, 'tps = 9999999.9')],
])('a report of pgbench %s is no data point', (_, change) => {
  const text = captured('pgbench', 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => postgres.parse(output(change(text)), tpcb)).toThrow(ParseError);
});

test('hostile output is refused', () => {
  survivesHostileOutput(redis, captured('redis-benchmark', 'runc.txt'), get);
  survivesHostileOutput(postgres, captured('pgbench', 'runc.txt'), tpcb);
});
