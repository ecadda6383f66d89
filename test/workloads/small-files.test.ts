import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import smallFiles from '../../workloads/io/small-files.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const params = { target: 'bind' };
const files = 150;

test.each(runtimes)('times per file under %s are medians of the rounds', (runtime) => {
  const text = captured('small-files', `${runtime}.txt`);
  const rounds = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(1).map(Number));
  const middle = (of: (round: number[]) => number | undefined) =>
    (rounds.map((round) => of(round) ?? Number.NaN).toSorted((a, b) => a - b)[7] ?? Number.NaN) / files;
  const values = valuesOf(smallFiles.parse(output(text), params));
  for (const [index, name] of ['create', 'stat', 'read', 'delete'].entries())
    expect(values[`files.${name}`]).toBeCloseTo(
      middle((round) => round[index]),
      6,
    );
  expect(values['files.cycle']).toBeCloseTo(
    middle((round) => round.reduce((sum, each) => sum + each, 0)),
    6,
  );
  expect(values['work.units']).toBe(2250);
});

test.each([
  ['a round too few', (text: string) => text.replace(/^.*\n/, '')],
  ['a round too many', (text: string) => `${text}round 1000000 1000000 1000000 1000000\n`],
  ['no time at all', (text: string) => text.replace(/\d+$/m, '0')],
  ['a negative time', (text: string) => text.replace(/\d+$/m, '-5')],
  ['a second a file', (text: string) => text.replace(/\d+$/m, '151000000000')],
  ['a cut last line', (text: string) => text.slice(0, -1)],
])('%s is no data point', (_, change) => {
  const text = captured('small-files', 'runc.txt');
  expect(() => smallFiles.parse(output(change(text)), params)).toThrow(ParseError);
});

test('hostile output is refused', () =>
  survivesHostileOutput(smallFiles, captured('small-files', 'runc.txt'), params));

test('each target has its own place', () => {
  const of = (target: string) => smallFiles.container({ target });
  expect(of('rootfs').command).toContain('/files');
  expect(of('volume').command).toContain('/scratch/files');
  expect(of('volume').mounts).toEqual([{ type: 'volume', target: '/scratch' }]);
  expect(() => of('nfs')).toThrow(RangeError);
});
