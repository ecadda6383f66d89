import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import sysbench from '../../workloads/cpu/sysbench.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const tool = 'sysbench-cpu';
const one = { threads: 1 };

test.each(runtimes)('the rate of events of sysbench under %s is read as printed', (runtime) => {
  const text = captured(tool, `${runtime}.txt`);
  const printed = Number(/events per second: +([\d.]+)/.exec(text)?.[1]);
  expect(printed).toBeGreaterThan(0);
  expect(valuesOf(sysbench.parse(output(text), one))).toEqual({
    'sysbench.events_rate': printed,
    'sysbench.threads': 1,
    'work.units': 60,
  });
});

test.each(runtimes)('on all CPUs under %s each thread has its share of the work', (runtime) => {
  const text = captured('sysbench-cpu-all', `${runtime}.txt`);
  const threads = Number(/^Number of threads: (\d+)$/m.exec(text)?.[1]);
  expect(threads).toBeGreaterThan(1);
  expect(valuesOf(sysbench.parse(output(text), { threads: 'all' }))).toMatchObject({
    'sysbench.threads': threads,
    'work.units': 60 * threads,
  });
  expect(() => sysbench.parse(output(text), one)).toThrow(ParseError);
});

test('threads are 1 or all, also when they come back as text', () => {
  const shellOf = (threads: string | number) => sysbench.container({ threads }).command.at(-1);
  expect(shellOf(1)).toBe(shellOf('1'));
  expect(shellOf('all')).toContain('nproc');
  expect(() => shellOf(2)).toThrow(RangeError);
});

test.each([
  ['of another number of events', (text: string) => text.replace(/(number of events: +)\d+/, '$159')],
  ['of more threads', (text: string) => text.replace(/(of threads: )1/, '$12')],
  ['that does not name its threads', (text: string) => text.replace('Number of threads', 'Threads')],
  ['without a rate', (text: string) => text.replace('events per second', 'events')],
  ['with a rate of zero', (text: string) => text.replace(/(per second: +)[\d.]+/, '$10.00')],
  ['with an absurd rate', (text: string) => text.replace(/(per second: +)[\d.]+/, '$19999999.00')],
])('a report %s is no data point', (_, change) => {
  const text = captured(tool, 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => sysbench.parse(output(change(text)), one)).toThrow(ParseError);
});

test('hostile output is refused', () => survivesHostileOutput(sysbench, captured(tool, 'runc.txt'), one));
