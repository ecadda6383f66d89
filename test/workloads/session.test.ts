import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import session from '../../workloads/sandbox/session.ts';
import { output, valuesOf } from './support.ts';

/** The first five commands of a real session under runsc; the CPU time is that of all thirty. */
const real = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/sandbox/session-runsc.json'), 'utf8'),
) as Pick<Evidence, 'marks' | 'outputs' | 'window'>;

test('a real session: median and 95th percentile of a round trip, and the CPU with the engine’s', () => {
  const values = valuesOf(session.parse(output('up\n', real), { commands: 5 }));
  const { 'session.round_trip': median = 0, 'session.round_trip_p95': high = 0 } = values;
  expect(values['session.to_output']).toBeGreaterThan(0);
  expect(median).toBeGreaterThan(values['session.to_output'] ?? 0);
  expect(high).toBeGreaterThanOrEqual(median);
  const { cpuNs = 0, engineCpuNs = 0 } = real.window ?? {};
  expect(values['session.cpu']).toBeCloseTo(((cpuNs ?? 0) + (engineCpuNs ?? 0)) / 5, 0);
});

test('a command that is missing or printed something else is no session', () => {
  expect(() => session.parse(output('up\n', real), { commands: 6 })).toThrow('command6');
  const command3 = { stdout: 'ocibenc\n', stderr: '', truncated: false };
  const outputs = { ...real.outputs, command3 };
  expect(() => session.parse(output('up\n', { ...real, outputs }), { commands: 5 })).toThrow(
    'command3 printed "ocibenc\\n"',
  );
});

test('the CPU has no value where the engine’s is not known', () => {
  const window = real.window === null ? null : { ...real.window, engineCpuNs: null };
  const values = session.parse(output('up\n', { ...real, window }), { commands: 5 });
  expect(Object.keys(valuesOf(values))).not.toContain('session.cpu');
});
