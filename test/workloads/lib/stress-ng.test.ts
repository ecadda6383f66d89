import { describe, expect, test } from 'vitest';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import {
  parseStressor,
  type StressorRun,
  skippedLine,
  stressNgCommand,
  stressorValues,
} from '../../../workloads/lib/stress-ng.ts';

const run: StressorRun = { stressor: 'fault', ops: 500, measure: 'nanosecs per page fault' };
const rates = 'stress-ng: metrc: [5] fault   500   0.02   0.00   0.01  24806.62  38931.71  63.72  3520';
const report = [
  'stress-ng: metrc: [5] stressor       bogo ops real time  usr time  sys time   bogo ops/s     bogo ops/s CPU used per       RSS Max',
  rates,
  'stress-ng: metrc: [5] miscellaneous metrics:',
  'stress-ng: metrc: [5] fault             211706.99 minor page faults per sec (harmonic mean of 1 instance)',
  'stress-ng: metrc: [5] fault                968.16 nanosecs per page fault (harmonic mean of 1 instance)',
  'stress-ng: info:  [5] skipped: 0',
  'stress-ng: info:  [5] failed: 0',
  '',
].join('\n');

describe('a report of stress-ng', () => {
  test("the stressor's own measure is the time, the bogo operations are the rate", () => {
    expect(stressorValues(report, run).map(({ metric, value }) => [metric, value])).toEqual([
      ['op.time', 968.16],
      ['op.rate', 24_806.62],
    ]);
  });

  test('without a measure the time is real time per operation', () => {
    const [time] = stressorValues(report, { stressor: 'fault', ops: 500 });
    expect(time?.value).toBeCloseTo(1e9 / 24_806.62);
  });

  test('all measures of the stressor are found, of geometric means and totals too', () => {
    const more = `${report}stress-ng: metrc: [5] fault 3.00 calls (total of 1 instance)\n`;
    expect([...parseStressor(more, 'fault').measures]).toEqual([
      ['minor page faults per sec', 211_706.99],
      ['nanosecs per page fault', 968.16],
      ['calls', 3],
    ]);
  });

  test.each([
    ['of fewer operations', report.replace(' 500 ', ' 499 ')],
    ['of another stressor', report.replaceAll('] fault', '] brk')],
    ['with the stressor twice', report.replace(rates, `${rates}\n${rates}`)],
    ['without the measure', report.replace('per page fault', 'per fault')],
    [
      'with the measure twice',
      report.replace(/^.*nanosecs per page.*\n/m, (line) => line + line.replace('968', '2')),
    ],
    ['with a time of zero', report.replace('968.16', '0.00')],
    ['with a rate of zero', report.replace('24806.62', '0.00')],
    ['with a time of hours', report.replace('968.16', '9999999999999.00')],
    ['with a failure', `stress-ng: fail:  [730] fault: mmap failed, errno=12\n${report}`],
    ['with an error', `stress-ng: error: [730] fault: no memory\n${report}`],
    ['cut off', report.slice(0, report.indexOf('[5] fault'))],
  ])('%s is no data point', (_, text) => {
    expect(text).not.toBe(report);
    expect(() => stressorValues(text, run)).toThrow(ParseError);
  });

  test('says what was skipped, and nothing where nothing was', () => {
    expect(skippedLine(report)).toBeNull();
    const line = 'stress-ng: info:  [761] io-uring: io-uring not permitted, skipping stressor\n';
    expect(skippedLine(line + report)).toBe('io-uring: io-uring not permitted, skipping stressor');
    expect(skippedLine('stress-ng: info:  [4] skipped: 1: vdso (1)\n')).toBeNull();
  });
});

test('the command has one instance, a fixed number of operations and a place for its files', () => {
  const command = stressNgCommand({ stressor: 'fork', ops: 50, options: ['--fork-max', '1'] });
  const own = command.slice(command.indexOf('/usr/bin/stress-ng') + 1);
  expect(own.slice(0, 10)).toEqual([
    '--temp-path',
    '/scratch',
    '--cache-size',
    '64K',
    '--fork',
    '1',
    '--fork-ops',
    '50',
    '--fork-max',
    '1',
  ]);
  // Its clock has settled before the stamps around its work begin.
  expect(command.findIndex((part) => part.includes('/proc/uptime'))).toBeLessThan(
    command.findIndex((part) => part.includes('@ocibench')),
  );
});
