import { expect, test } from 'vitest';
import { logDrivers } from '../../src/core/model/workload/workload.ts';
import logLines from '../../workloads/io/log-lines.ts';
import { output, valuesOf, windowOf } from './support.ts';

const line = `${'x'.repeat(79)}\n`;
test('each set of parameters asks for its log driver, none for none; little of the output is kept', () => {
  expect(logLines.presets.full.map((params) => logLines.container(params).log)).toEqual([
    undefined,
    ...logDrivers,
  ]);
  expect(() => logLines.container({ log: 'syslog' })).toThrow(/no log 'syslog'/);
  for (const params of logLines.presets.full)
    expect(logLines.container(params).keptOutputBytes).toBe(4 * line.length);
});

test('the time of the window is that of all lines', () => {
  const parsed = logLines.parse({ ...output(line.repeat(4)), truncated: true, ...windowOf(200e6) }, {});
  expect(valuesOf(parsed)).toEqual({ 'output.line': 200e6 / 40_000, 'work.units': 40_000 });
});

test.each(['', line, `${line.repeat(3)}awk: error\n`])(
  'output that is not the lines is none: %j',
  (stdout) => {
    expect(() => logLines.parse({ ...output(stdout), ...windowOf(200e6) }, {})).toThrow(
      /expected lines of x/,
    );
  },
);

test('without stamps there is no time', () => {
  expect(() => logLines.parse({ ...output(line.repeat(4)), window: null }, {})).toThrow(/no stamped window/);
});
