import { expect, test } from 'vitest';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import { perfBenchTime, perfBenchTotal } from '../../../workloads/lib/perf-bench.ts';

const report = `# Running 'syscall/fork' benchmark:
# Executed 100 fork() calls
     Total time: 6.735 [sec]

   67352.180000 usecs/op
             14 ops/sec
`;

test('the time of an operation is read from usecs/op, the total from its line, both in ns', () => {
  expect(perfBenchTime(report, 'Executed 100 fork() calls')).toBeCloseTo(67_352_180);
  expect(perfBenchTotal(report)).toBeCloseTo(6.735e9);
});

test.each([
  ['of fewer calls', report.replace('100', '99')],
  ['without a time', report.replace('usecs/op', '')],
  ['whose rate says something else', report.replace(' 14 ', ' 28 ')],
  ['without a rate', report.replace('ops/sec', '')],
  ['cut off', report.slice(0, 80)],
])('a report %s is no data point', (_, text) => {
  expect(text).not.toBe(report);
  expect(() => perfBenchTime(text, 'Executed 100 fork() calls')).toThrow(ParseError);
});

test('a report without a total is none', () => {
  expect(() => perfBenchTotal(report.replace('Total', 'Partial'))).toThrow(ParseError);
});
