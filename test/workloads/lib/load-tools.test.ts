import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadMetrics, parseLoad } from '../../../workloads/lib/load-tools.ts';

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
    ['hey', 'hey-err', 'Error distribution'],
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
