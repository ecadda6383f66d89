import { expect, test } from 'vitest';
import type { SettledReason } from '../../../../src/core/analyze/claims/settled.ts';
import { type CellProgress, openSubject } from '../../../../src/core/measure/schedule/subject-progress.ts';

const at = (width: number | null, settled: SettledReason | null = null) => ({
  standing: { width, shift: null, settled },
});
const known = (runtime: string, more: Partial<CellProgress> = {}): CellProgress => ({
  cell: { runtime, profile: 'default', layer: 'docker', workload: 'io/fio', params: '' },
  ...at(2),
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
const baseline = known('runc', { standing: undefined });

test('a cell that is precise enough leaves after the least number of blocks, and the baseline stays', () => {
  const cells = [baseline, known('crun', at(0.9, 'precise')), known('runsc')];
  expect(names(subject(cells, 6))).toEqual(['runc', 'crun', 'runsc']);
  const after = subject(cells);
  expect(names(after)).toEqual(['runc', 'runsc']);
  expect([after.width, after.costMs]).toEqual([2, 200]);
});

test('the widest interval counts; one that there is not yet is wider than any', () => {
  expect(subject([baseline, known('crun', at(3)), known('runsc')]).width).toBe(3);
  expect(subject([baseline, known('crun', at(null)), known('runsc')]).width).toBeNull();
  // Nothing to compare it by: it does not make the others wait.
  expect(subject([baseline, known('crun', { standing: undefined }), known('runsc')]).width).toBe(2);
});

test('where all others are precise or given up nothing is left to wait for', () => {
  const cells = [baseline, known('crun', at(1, 'precise')), known('runsc', { givenUp: true })];
  expect(subject(cells)).toMatchObject({ width: 0, settled: 'precise' });
});

test('what has never run costs nothing that is known', () => {
  const fresh = [baseline, known('crun')].map((cell) => ({ ...cell, costMs: null }));
  expect(subject(fresh).costMs).toBeNull();
});

test('a subject is settled when its last open cell is, and says whether one of them was clear', () => {
  const crun = known('crun', at(1, 'precise'));
  expect(subject([baseline, crun, known('runsc')]).settled).toBeNull();
  expect(subject([baseline, crun, known('runsc', at(4, 'clear'))])).toMatchObject({
    settled: 'clear',
    open: [baseline],
  });
  // Nothing was ever compared: there is nothing to be precise about.
  expect(subject([baseline, known('crun', { standing: undefined })]).settled).toBeNull();
  expect(subject([baseline]).settled).toBeNull();
});

test('a subject of which only the baseline runs ends with the least number of blocks', () => {
  const alone = [baseline, known('runc#2', { standing: undefined })];
  expect(subject(alone).maxBlocks).toBe(7);
  expect(subject([...alone, known('crun', { givenUp: true })]).maxBlocks).toBe(7);
  expect(subject([...alone, known('crun')]).maxBlocks).toBe(99);
  const state = { subject: 's', blocks: 7, maxBlocks: 99, alive: true, cells: alone };
  const layered = openSubject(state, { baseline: 'runc', minBlocks: 7, layers: ['docker', 'oci'] });
  expect(layered.maxBlocks).toBe(99);
});

test('the A/A control is measured in the least number of blocks, and makes nobody wait', () => {
  const second = known('runc#2', { standing: undefined });
  const crun = known('crun', at(1, 'precise'));
  expect(names(subject([baseline, second, crun], 6))).toEqual(['runc', 'runc#2', 'crun']);
  expect(names(subject([baseline, second, known('crun')]))).toEqual(['runc', 'crun']);
  expect(subject([baseline, second, crun]).settled).toBe('precise');
});

test('a share of blocks is larger of what is cheap, and says nothing of noise', () => {
  const shift = (half: number) => ({ estimate: 0, low: -half, high: half });
  const crun = (half: number, costMs: number) =>
    known('crun', { costMs, standing: { width: half, shift: shift(half), settled: null } });
  const shareOf = (half: number, costMs: number, blocks = 7) =>
    subject([{ ...baseline, costMs }, crun(half, costMs)], blocks).share ?? Number.NaN;
  expect(shareOf(0.1, 100)).toBe(shareOf(0.8, 100));
  expect(shareOf(0.1, 100) / shareOf(0.1, 400)).toBeCloseTo(2, 12);
  expect(shareOf(0.1, 100, 6)).toBeNaN();
});

test('a further profile leaves alone, and its runtime stays under the first while one of them is open', () => {
  const under = (runtime: string, profile: string, more: Partial<CellProgress> = {}) =>
    known(runtime, { cell: { ...known(runtime).cell, profile }, ...more });
  const open = (cells: readonly CellProgress[]) =>
    openSubject(
      { subject: 's', blocks: 7, maxBlocks: 99, alive: true, cells },
      { baseline: 'runc', minBlocks: 7, profiles: [{ name: 'plain' }, { name: 'user' }, { name: 'init' }] },
    ).open.map(({ cell }) => `${cell.runtime} ${cell.profile}`);
  const runc = under('runc', 'plain', { standing: undefined });
  const crun = under('crun', 'plain', at(1, 'clear'));
  const settled = (runtime: string, profile: string) => under(runtime, profile, at(1, 'precise'));
  expect(open([runc, crun, settled('runc', 'user'), under('crun', 'user'), settled('crun', 'init')])).toEqual(
    ['runc plain', 'crun plain', 'crun user'],
  );
  expect(open([runc, crun, under('runc', 'user'), settled('crun', 'user')])).toEqual([
    'runc plain',
    'runc user',
  ]);
});
