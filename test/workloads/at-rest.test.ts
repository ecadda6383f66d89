import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Figure } from '../../src/core/model/trial/trial.ts';
import atRest from '../../workloads/cpu/at-rest.ts';
import { output, valuesOf } from './support.ts';

const figures = (changes: Readonly<Record<string, Figure>> = {}) => ({
  figures: {
    'sandboxes.count': { value: 4, source: '' },
    'sandboxes.idle_time': { value: 8e9, source: '' },
    'sandboxes.idle_cpu': { value: 48e6, source: '' },
    'sandboxes.idle_engine_cpu': { value: 16e6, source: '' },
    ...changes,
  },
});

test('is the CPU time of containers and engine, by time and number', () => {
  expect(valuesOf(atRest.parse(output('idle\n', figures()), {}))).toEqual({ 'at_rest.cpu': 0.002 });
});

test('has no ratio where nothing was used', () => {
  const none = { value: 0, source: '' };
  const idle = figures({ 'sandboxes.idle_cpu': none, 'sandboxes.idle_engine_cpu': none });
  expect(atRest.parse(output('idle\n', idle), {})).toEqual([]);
});

test.each<readonly [string, Figure, string]>([
  ['sandboxes.idle_engine_cpu', { absent: 'the engine is on another host' }, 'on another host'],
  ['sandboxes.count', { value: 3, source: '' }, '3 of 4 sandboxes'],
])('%s of %j is no data point', (id, figure, message) => {
  const parse = () => atRest.parse(output('idle\n', figures({ [id]: figure })), {});
  expect(parse).toThrow(ParseError);
  expect(parse).toThrow(message);
});

test('lets the work of starting end before it counts', () => {
  const group = atRest.group?.({});
  expect(group).toMatchObject({ kind: 'density', settleMs: expect.any(Number) });
  if (group?.kind === 'density') expect(group.settleMs).toBeGreaterThanOrEqual(1000);
});
