import { expect, test } from 'vitest';
import { type CellProgress, openSubject } from '../../src/plan/subject-progress.ts';

const known = (runtime: string, more: Partial<CellProgress> = {}): CellProgress => ({
  cell: { runtime, profile: 'default', layer: 'docker', workload: 'io/fio', params: '' },
  width: 2,
  costMs: 100,
  givenUp: false,
  ...more,
});
const subject = (cells: readonly CellProgress[], blocks = 7) =>
  openSubject(
    { subject: 's', blocks, maxBlocks: 99, alive: true, cells },
    { baseline: 'runc', minBlocks: 7 },
  );
const names = ({ open }: ReturnType<typeof subject>) => open.map(({ cell }) => cell.runtime);
const baseline = known('runc', { width: undefined });

test('a cell that is precise enough leaves after the least number of blocks, and the baseline stays', () => {
  const cells = [baseline, known('crun', { width: 0.9 }), known('runsc')];
  expect(names(subject(cells, 6))).toEqual(['runc', 'crun', 'runsc']);
  const after = subject(cells);
  expect(names(after)).toEqual(['runc', 'runsc']);
  expect([after.width, after.costMs]).toEqual([2, 200]);
});

test('the widest interval counts; one that there is not yet is wider than any', () => {
  expect(subject([baseline, known('crun', { width: 3 }), known('runsc')]).width).toBe(3);
  expect(subject([baseline, known('crun', { width: null }), known('runsc')]).width).toBeNull();
  // Nothing to compare it by: it does not make the others wait.
  expect(subject([baseline, known('crun', { width: undefined }), known('runsc')]).width).toBe(2);
});

test('where all others are precise or given up nothing is left to wait for', () => {
  const cells = [baseline, known('crun', { width: 1 }), known('runsc', { givenUp: true })];
  expect(subject(cells).width).toBe(0);
});

test('what has never run costs nothing that is known', () => {
  const fresh = [baseline, known('crun')].map((cell) => ({ ...cell, costMs: null }));
  expect(subject(fresh).costMs).toBeNull();
});
