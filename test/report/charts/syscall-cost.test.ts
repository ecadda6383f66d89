import { expect, test } from 'vitest';
import { data, standard } from './drawn.ts';

test('system calls: well-known ones first, then the widest spread, sorted by the baseline’s cost', () => {
  const values = data(standard, 'syscall-cost');
  const names = [...new Set(values.map((value) => value.label))];
  expect(names).toHaveLength(20);
  for (const known of ['getpid', 'read', 'openat', 'execve', 'clock_gettime']) expect(names).toContain(known);
  expect(names).toContain('mincore');
  expect(names).not.toContain('inotify_init1');
  const baseline = values.filter((value) => value.runtime === 'runc').map((value) => Number(value.value));
  expect(baseline).toEqual(baseline.toSorted((a, b) => a - b));
});

test('system calls: one that only a few runtimes have is left out', () => {
  const rows = standard.analysis.rows.filter(
    (row) => row.metric !== 'syscall.getpid' || row.runtime === 'runc' || row.runtime === 'crun',
  );
  const names = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'syscall-cost').map(
    (value) => value.label,
  );
  expect(names).not.toContain('getpid');
});

test('system calls: one that the baseline lacks is left out, and so is what was measured once', () => {
  const rows = standard.analysis.rows
    .filter((row) => row.metric !== 'syscall.getpid' || row.runtime !== 'runc')
    .map((row) => (row.metric === 'syscall.read' && row.runtime === 'crun' ? { ...row, n: 1 } : row));
  const values = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'syscall-cost');
  expect(values.map(({ label }) => label)).not.toContain('getpid');
  expect(values.filter(({ label }) => label === 'read').map(({ runtime }) => runtime)).toEqual([
    'runc',
    'runsc',
    'runsc-ptrace',
  ]);
});
