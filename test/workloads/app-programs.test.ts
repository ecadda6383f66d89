import { expect, test } from 'vitest';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import gcc from '../../workloads/app/gcc.ts';
import openssl from '../../workloads/app/openssl.ts';
import pythonScript from '../../workloads/app/python-script.ts';
import pythonStart from '../../workloads/app/python-start.ts';
import sqlite from '../../workloads/app/sqlite.ts';
import tar from '../../workloads/app/tar.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf, windowOf } from './support.ts';

/** Half a second between the stamps. */
const half = windowOf(5e8);

test.each<readonly [Workload, Params, string, Readonly<Record<string, number>>]>([
  [sqlite, { op: 'commit', storage: 'bind' }, 'sqlite3', { 'sqlite.rows_rate': 2_000, 'work.units': 1_000 }],
  [pythonStart, { program: 'pass' }, 'python-start', { 'python.start': 5e7, 'work.units': 10 }],
  [gcc, { files: 24 }, 'gcc', { 'gcc.file': 5e8 / 24, 'work.units': 24 }],
])('$id divides its work by the time between the stamps', (workload, params, tool, expected) => {
  for (const runtime of runtimes) {
    const text = captured(tool, `${runtime}.txt`);
    expect(valuesOf(workload.parse(output(text, half), params))).toEqual(expected);
    expect(() => workload.parse(output(text), params)).toThrow('no stamped window');
    expect(() => workload.parse(output(text, windowOf(-1)), params)).toThrow(ParseError);
  }
  const good = captured(tool, 'runc.txt');
  const other = good.replace(/\d/, (digit) => `${(Number(digit) + 1) % 10}`);
  for (const bad of [other, `${good}${good}`, good.trim(), ''])
    expect(() => workload.parse(output(bad, half), params)).toThrow(ParseError);
  survivesHostileOutput(workload, good, params, half);
});

test.each(runtimes)('files and bytes of tar under %s are over the time between the stamps', (runtime) => {
  const [stdout, stderr] = [captured('tar', `${runtime}.txt`), captured('tar', `${runtime}.stderr.txt`)];
  const files = Number(/^\d+/.exec(stdout)?.[0]);
  const bytes = Number(/written: (\d+)/.exec(stderr)?.[1]);
  expect(files).toBeGreaterThan(1_000);
  expect(valuesOf(tar.parse(output(stdout, { ...half, stderr }), { op: 'gzip' }))).toEqual({
    'tar.files_rate': files * 2,
    'tar.throughput': bytes * 2,
    'work.units': files,
  });
});

test('an archive that cannot hold the files is no data point', () => {
  const [stdout, stderr] = [captured('tar', 'runc.txt'), captured('tar', 'runc.stderr.txt')];
  for (const bad of ['', stderr.replace(/\d+/, '10240'), stderr.replace('Total', 'tar: error')])
    expect(() => tar.parse(output(stdout, { ...half, stderr: bad }), { op: 'gzip' })).toThrow(ParseError);
  expect(() => tar.parse(output('3 files\n', { ...half, stderr }), { op: 'gzip' })).toThrow(ParseError);
  survivesHostileOutput(tar, stdout, { op: 'gzip' }, { ...half, stderr });
});

test.each(runtimes)('a round of the script under %s is read as printed', (runtime) => {
  const text = captured('python-script', `${runtime}.txt`);
  const ns = Number(/ns (\d+)/.exec(text)?.[1]);
  expect(valuesOf(pythonScript.parse(output(text), {}))).toEqual({
    'python.round': ns / 30,
    'work.units': 30,
  });
});

test('a script that found something else is no data point', () => {
  const text = captured('python-script', 'runc.txt');
  for (const bad of [
    text.replace('92', '91'),
    text.replace('rounds 30', 'rounds 29'),
    text.replace(/ns \d+/, 'ns 1'),
  ]) {
    expect(bad).not.toBe(text);
    expect(() => pythonScript.parse(output(bad), {})).toThrow(ParseError);
  }
  survivesHostileOutput(pythonScript, text, {});
});

const sha256 = { algorithm: 'sha256' };

test.each(runtimes)('blocks and seconds of openssl under %s make the throughput', (runtime) => {
  const [stdout, stderr] = [
    captured('openssl', `${runtime}.txt`),
    captured('openssl', `${runtime}.stderr.txt`),
  ];
  const [, blocks, seconds] = /\+R:(\d+):sha256:([\d.]+)/.exec(stderr) ?? [];
  const values = valuesOf(openssl.parse(output(stdout, { stderr }), sha256));
  expect(values['openssl.throughput']).toBeCloseTo((Number(blocks) * 16384) / Number(seconds), 0);
  // What openssl itself makes of them.
  const own = Number(/\+F:\d+:sha256:([\d.]+)/.exec(stdout)?.[1]);
  expect((values['openssl.throughput'] ?? 0) / own).toBeCloseTo(1, 3);
  expect(values['work.units']).toBe(Number(blocks) * 16);
});

test('another algorithm, another size or another time is no data point', () => {
  const [stdout, stderr] = [captured('openssl', 'runc.txt'), captured('openssl', 'runc.stderr.txt')];
  const refused = (out: string, err: string) =>
    expect(() => openssl.parse(output(out, { stderr: err }), sha256)).toThrow(ParseError);
  refused(stdout, stderr.replaceAll('sha256', 'sha512'));
  refused(stdout.replace('+H:16384', '+H:64'), stderr);
  refused(stdout, stderr.replace(/:[\d.]+$/m, ':0.000000').replace(/(\+R:.*):[\d.]+/, '$1:0.000000'));
  refused(stdout, '');
  survivesHostileOutput(openssl, stdout, sha256, { stderr });
});
