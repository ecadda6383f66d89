import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import stressNg from '../../workloads/syscall/stress-ng.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const tool = 'stress-ng-syscall';

test.each(runtimes)('the table of stress-ng under %s becomes one value a call', (runtime) => {
  const text = captured(tool, `${runtime}.txt`);
  const values = valuesOf(stressNg.parse(output(text), {}));
  const rows = [...text.matchAll(/syscall: +([a-z0-9_]+) +\d+\.\d+ +(\d+) +(\d+) *$/gm)];
  expect(rows.length).toBeGreaterThan(200);
  const repeated = rows.filter(([, , shortest, longest]) => shortest !== longest);
  expect(repeated.length).toBeGreaterThan(180);
  expect(Object.keys(values)).toHaveLength(repeated.length + 2);
  const getpid = Number(/ getpid +([\d.]+)/.exec(text)?.[1]);
  expect(values['syscall.getpid']).toBe(getpid);
  // A geometric mean lies between the extremes of what it is made of.
  expect(values['syscall.trivial']).toBeGreaterThan(Math.min(...Object.values(values)));
  expect(values['syscall.throughput']).toBeGreaterThan(0);
});

test('a call that was timed once is left out, unless it is a trivial one', () => {
  const text = captured(tool, 'runc.txt');
  const once = (name: string) =>
    text.replace(new RegExp(`( ${name} +)[\\d.]+ +\\d+ +\\d+`), '$1500.0 500 500');
  const valuesWith = (name: string) => valuesOf(stressNg.parse(output(once(name)), {}));
  expect(valuesOf(stressNg.parse(output(text), {}))).toHaveProperty(['syscall.close']);
  expect(valuesWith('close')).not.toHaveProperty(['syscall.close']);
  expect(valuesWith('getpid')).toHaveProperty(['syscall.getpid'], 500);
});

test("what was captured shows what every run shows: gVisor's calls cost more", () => {
  const [runc, systrap] = ['runc', 'runsc'].map(
    (runtime) =>
      valuesOf(stressNg.parse(output(captured(tool, `${runtime}.txt`)), {}))['syscall.trivial'] ?? Number.NaN,
  );
  expect(systrap).toBeGreaterThan(3 * (runc ?? Number.NaN));
});

test.each([
  ['without a trivial call', (text: string) => text.replace(/^.* getpid .*\n/m, '')],
  ['with a call twice', (text: string) => text.replace(/^.* getpid .*\n/m, (line) => line + line)],
  ['with an impossible time', (text: string) => text.replace(/( getpid +)[\d.]+/, '$10.1')],
  [
    'with a call that has the name of a metric of ours',
    (text: string) => text.replace(/^.* getpid .*\n/m, (line) => line + line.replace('getpid', 'trivial')),
  ],
  ['without a rate', (text: string) => text.replace(/metrc/g, 'other')],
])('a report %s is no data point', (_, change) => {
  const text = captured(tool, 'runc.txt');
  expect(change(text)).not.toBe(text);
  expect(() => stressNg.parse(output(change(text)), {})).toThrow(ParseError);
});

test('hostile output is refused', () => survivesHostileOutput(stressNg, captured(tool, 'runc.txt'), {}));

test('the tests of sockets, which can hang, have no place to work in', () => {
  expect(stressNg.container({}).mounts).toContainEqual({ type: 'tmpfs', target: '/tmp', readOnly: true });
});
