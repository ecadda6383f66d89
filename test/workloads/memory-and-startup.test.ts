import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import idle from '../../workloads/memory/idle.ts';
import sysbench from '../../workloads/memory/sysbench.ts';
import echo from '../../workloads/startup/echo.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

test.each(runtimes)('the throughput of sysbench under %s is read in bytes per second', (runtime) => {
  const text = captured('sysbench-memory', `${runtime}.txt`);
  const rate = Number(/\(([\d.]+) MiB\/sec\)/.exec(text)?.[1]);
  expect(sysbench.parse(output(text), {})).toEqual([
    { metric: 'memory.throughput', unit: 'bytes/s', better: 'higher', value: rate * 1024 * 1024 },
    { metric: 'work.units', unit: 'count', better: 'neither', value: 4096 },
  ]);
});

const random = { access: 'rnd', op: 'read' };

test.each(runtimes)('random reads under %s likewise', (runtime) => {
  const text = captured('sysbench-memory-rnd', `${runtime}.txt`);
  const rate = Number(/\(([\d.]+) MiB\/sec\)/.exec(text)?.[1]);
  expect(valuesOf(sysbench.parse(output(text), random))).toEqual({
    'memory.throughput': rate * 1024 * 1024,
    'work.units': 128,
  });
});

test('what sysbench did must be what was asked', () => {
  const text = captured('sysbench-memory-rnd', 'runc.txt');
  expect(() => sysbench.parse(output(text), { access: 'rnd' })).toThrow("that it did 'write'");
  expect(() => sysbench.parse(output(text), { op: 'read' })).toThrow('128 MiB, not 4096');
  expect(() => sysbench.container({ access: 'zigzag' })).toThrow(RangeError);
  expect(sysbench.container(random).command).toEqual(
    expect.arrayContaining(['--memory-access-mode=rnd', '--memory-oper=read', '--memory-total-size=128M']),
  );
});

test('a run that was cut short is no data point', () => {
  const text = captured('sysbench-memory', 'runc.txt').replace(
    '4096.00 MiB transferred',
    '512.00 MiB transferred',
  );
  expect(() => sysbench.parse(output(text), {})).toThrow('512 MiB, not 4096');
});

test('hostile output is refused', () =>
  survivesHostileOutput(sysbench, captured('sysbench-memory', 'runc.txt'), {}));

test.each([
  [echo, 'ocibench\n'],
  [idle, 'idle\n'],
])('$id accepts its own line and no other', (workload, line) => {
  expect(workload.parse(output(line), {})).toEqual([]);
  for (const other of ['', line.trim(), `${line}${line}`, `\u001b[0m${line}`])
    expect(() => workload.parse(output(other), {})).toThrow(ParseError);
});
