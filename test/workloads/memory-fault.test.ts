import { describe, expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import fault from '../../workloads/memory/fault.ts';
import zeroPage from '../../workloads/memory/zero-page.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const pages = 8192;

describe('memory/fault', () => {
  test.each(runtimes)('times per page under %s are medians of the rounds', (runtime) => {
    const text = captured('memory-fault', `${runtime}.txt`);
    const rounds = text
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(1).map(Number));
    const values = valuesOf(fault.parse(output(text), {}));
    for (const [index, name] of ['first_touch', 'again', 'unmap'].entries())
      expect(values[`fault.${name}`]).toBe(
        (rounds.map((round) => round[index] ?? 0).toSorted((a, b) => a - b)[3] ?? 0) / pages,
      );
    expect(values['work.units']).toBe(7 * pages);
  });

  test.each([
    ['a round too few', (text: string) => text.replace(/^.*\n/, '')],
    ['memory that is free', (text: string) => text.replace(/round \d+/, 'round 1')],
    ['another word', (text: string) => text.replace('round', 'Killed')],
  ])('%s is no data point', (_, change) => {
    const text = change(captured('memory-fault', 'runc.txt'));
    expect(() => fault.parse(output(text), {})).toThrow(ParseError);
  });

  test('hostile output is refused', () =>
    survivesHostileOutput(fault, captured('memory-fault', 'runc.txt'), {}));
});

describe('memory/zero-page', () => {
  const params = { read: '128M' };

  test.each(runtimes)('the time per page under %s is read', (runtime) => {
    const text = captured('memory-zero-page', `${runtime}.txt`);
    expect(valuesOf(zeroPage.parse(output(text), params))).toEqual({
      'zero_page.read': Number(text.split(' ')[2]) / 32768,
    });
  });

  test.each([
    ['less was read', 'read 4096 1000 0\n', '4096 bytes were read'],
    ['memory was not zero', 'read 134217728 1000000 3\n', 'not zero'],
    ['it took no time', 'read 134217728 0 0\n', 'cannot be'],
    ['the line is cut', 'read 134217728 1000000', 'no line'],
  ])('a trial in which %s is no data point', (_, text, message) => {
    expect(() => zeroPage.parse(output(text), params)).toThrow(ParseError);
    expect(() => zeroPage.parse(output(text), params)).toThrow(message);
  });

  test('the comparison reads nothing of the same mapping', () => {
    expect(zeroPage.parse(output('read 0 1933 0\n'), { read: '0' })).toEqual([]);
    expect(() => zeroPage.parse(output('read 4096 1933 0\n'), { read: '0' })).toThrow(ParseError);
    const [with128, without] = ['128M', '0'].map((read) => zeroPage.container({ read }).command);
    expect(with128?.slice(0, -1)).toEqual(without?.slice(0, -1));
    expect([with128?.at(-1), without?.at(-1)]).toEqual(['134217728', '0']);
  });

  test('hostile output is refused', () =>
    survivesHostileOutput(zeroPage, captured('memory-zero-page', 'runsc.txt'), params));
});
