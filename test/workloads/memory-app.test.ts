import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import app from '../../workloads/memory/app.ts';
import { output } from './support.ts';

const params = { app: 'redis' };
const said = (stdout: string) => ({ stdout, stderr: '', truncated: false });
const good = { populate: said('OK\n'), count: said('50000\n') };
const log = '1:M 24 Nov 2026 23:16:01.000 * Ready to accept connections unix\n';

test('the footprint is taken after the data set is in', () => {
  const steps = app.steps?.(params) ?? [];
  expect(steps.map((step) => step.do)).toEqual([
    'await-output',
    'exec',
    'exec',
    'settle',
    'snapshot',
    'kill',
  ]);
  expect(app.steps?.({ app: 'python' }).map((step) => step.do)).toEqual([
    'await-output',
    'settle',
    'snapshot',
    'kill',
  ]);
  expect(() => app.container({ app: 'x' })).toThrow(RangeError);
});

test('a Redis with all its keys counts', () => {
  expect(app.parse(output(log, { outputs: good }), params)).toEqual([]);
});

test.each([
  ['some keys', log, { ...good, count: said('49999\n') }],
  ['a refusal', log, { ...good, populate: said('ERR DEBUG command not allowed.\n') }],
  ['no count', log, { populate: good.populate }],
  ['no word that it is ready', 'warming up\n', good],
])('a Redis with %s does not', (_, stdout, outputs) => {
  expect(() => app.parse(output(stdout, { outputs }), params)).toThrow(ParseError);
});
