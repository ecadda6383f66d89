import { expect, test } from 'vitest';
import { ParseError } from '../../src/model/workload.ts';
import sysbench from '../../workloads/cpu/sysbench.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const tool = 'sysbench-cpu';

test.each(runtimes)('the rate of events of sysbench under %s is read as printed', (runtime) => {
  const text = captured(tool, `${runtime}.txt`);
  const printed = Number(/events per second: +([\d.]+)/.exec(text)?.[1]);
  expect(printed).toBeGreaterThan(0);
  expect(valuesOf(sysbench.parse(output(text), {}))).toEqual({
    'sysbench.events_rate': printed,
    'work.units': 60,
  });
});

test.each([
  ['of another number of events', (text: string) => text.replace(/(number of events: +)\d+/, '$159')],
  ['without a rate', (text: string) => text.replace('events per second', 'events')],
  ['with a rate of zero', (text: string) => text.replace(/(per second: +)[\d.]+/, '$10.00')],
  ['with an absurd rate', (text: string) => text.replace(/(per second: +)[\d.]+/, '$19999999.00')],
])('a report %s is no data point', (_, change) => {
  const text = captured(tool, 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => sysbench.parse(output(change(text)), {})).toThrow(ParseError);
});

test('hostile output is refused', () => survivesHostileOutput(sysbench, captured(tool, 'runc.txt'), {}));
