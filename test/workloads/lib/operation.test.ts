import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import {
  afterClockSettled,
  operationMetrics,
  operationNamed,
  operationValues,
} from '../../../workloads/lib/stress-ng.ts';

test('the values are those that the metrics define', () => {
  const values = operationValues(250);
  expect(values.map(({ metric, unit, better }) => ({ id: metric, unit, better }))).toEqual(
    operationMetrics.map(({ id, unit, better }) => ({ id, unit, better })),
  );
  expect(values.map(({ value }) => value)).toEqual([250, 4e6]);
  expect(operationValues(250, 3e6)[1].value).toBe(3e6);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 61e9, 0.1])('%s ns is no time', (time) => {
  expect(() => operationValues(time)).toThrow(ParseError);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%s is no rate', (rate) => {
  expect(() => operationValues(250, rate)).toThrow(ParseError);
});

test.each(['write', 'toString', 7, undefined])('an operation %s that a workload has not is misuse', (op) => {
  expect(operationNamed('syscall/x', { read: 1 }, 'read')).toBe(1);
  expect(() => operationNamed('syscall/x', { read: 1 }, op)).toThrow(RangeError);
});

test('a command that waits for the clock is run with its arguments and exit code once it has settled', () => {
  const [program = '', ...args] = afterClockSettled(['/bin/sh', '-c', 'echo "<$1>"; exit 0', 'sh', 'a  b']);
  expect(execFileSync(program, args, { encoding: 'utf8' })).toBe('<a  b>\n');
  const [again = '', ...failing] = afterClockSettled(['/bin/sh', '-c', 'exit 3']);
  expect(() => execFileSync(again, failing)).toThrow(expect.objectContaining({ status: 3 }));
});
