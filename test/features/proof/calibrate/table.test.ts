import { expect, test } from 'vitest';
import type { CalibrationCheck } from '../../../../src/features/proof/calibrate/calibration.ts';
import { calibrationTable } from '../../../../src/features/proof/calibrate/table.ts';

const check = (more: Partial<CalibrationCheck>): CalibrationCheck => ({
  id: 'cpu-100ms',
  runtime: 'runc',
  metric: 'cpu.usage',
  title: '100 ms of CPU used',
  scale: 'difference',
  relation: 'equal',
  unit: 'ns',
  injected: 100e6,
  measured: 101e6,
  low: 99e6,
  high: 102e6,
  tolerance: 6e6,
  n: 8,
  verdict: 'pass',
  note: '',
  ...more,
});

test('says what was injected, what came out, with its interval, and the verdict in words', () => {
  const table = calibrationTable({
    checks: [
      check({}),
      check({ verdict: 'fail', measured: 50e6, low: 49e6, high: 51e6, title: 'lost' }),
      check({
        scale: 'ratio',
        injected: 1,
        measured: 1.01,
        low: 0.98,
        high: 1.03,
        tolerance: 0.05,
        title: 'ratio',
      }),
      check({
        verdict: 'absent',
        injected: null,
        measured: null,
        low: null,
        high: null,
        n: 0,
        note: 'no device',
      }),
      check({
        relation: 'at-least',
        unit: 'count',
        injected: 32,
        measured: 66,
        low: 64,
        high: 68,
        title: 'forks',
        tolerance: 0,
      }),
      check({ relation: 'at-least', title: 'sentry' }),
    ],
    runtimes: [],
    host: { emulation: null },
    busy: null,
  });
  expect(table).toMatch(/100 ms of CPU used +100 ms +101 ms \[99, 102\] +±6.00 ms +8 +✓ pass/);
  expect(table).toMatch(/lost +100 ms +50.0 ms \[49.0, 51.0\] +±6.00 ms +8 +✗ FAIL/);
  expect(table).toMatch(/ratio +1.00× +1.01× \[0.98, 1.03\] +±5% +8 +✓ pass/);
  expect(table).toMatch(/sentry +100 ms +101 ms \[99, 102\] +−6.00 ms or more +8 +✓ pass/);
  expect(table).toMatch(/forks +32 +66 \[64, 68\] +or more +8 +✓ pass/);
  expect(table).toContain('cpu.usage (runc): no device');
  expect(table).toContain('4 passed, 1 failed, 0 inconclusive, 1 absent');
});

test('a runtime’s name cannot drive the terminal', () => {
  const table = calibrationTable({
    checks: [check({ runtime: '\u001b[2Jbad' })],
    runtimes: [],
    host: { emulation: null },
    busy: null,
  });
  expect(table).not.toContain('\u001b[2J');
});

test('no line is wider than 110 columns', () => {
  const table = calibrationTable({
    checks: [
      check({
        unit: 'bytes',
        title: '200 ms of CPU by a child of the shim',
        injected: 1e9,
        measured: -1e9,
        low: -2e9,
        high: 1.5e9,
        verdict: 'inconclusive',
      }),
    ],
    runtimes: [],
    host: { emulation: null },
    busy: null,
  });
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
});

test('a run on an emulated processor says so', () => {
  const on = (emulation: string | null) =>
    calibrationTable({ checks: [check({})], runtimes: [], host: { emulation }, busy: null });
  expect(on('QEMU TCG')).toContain('! emulated processor (QEMU TCG)');
  expect(on(null)).not.toContain('emulated');
});

test('a busy host is named where something is inconclusive or failed, and not where all is decided', () => {
  const on = (verdict: CalibrationCheck['verdict']) =>
    calibrationTable({
      checks: [check({ verdict })],
      runtimes: [],
      host: { emulation: null },
      busy: {
        share: 0.84,
        stolen: 0,
        by: [{ pid: 42, name: 'cc1', container: null, cpuShare: 0.97 }],
      },
    });
  for (const verdict of ['inconclusive', 'fail'] as const)
    expect(on(verdict)).toContain(
      'this host was busy: other processes used 84 % of its CPUs, more than 10 %: cc1 (pid 42), 97 % of a CPU',
    );
  expect(on('pass')).not.toContain('busy');
});
