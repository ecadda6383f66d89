import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleBlock } from '../../../../src/core/measure/schedule/block.ts';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import {
  atOnce,
  bearsCost,
  duetsOf,
  givenUpTogether,
  wholeDuets,
} from '../../../../src/core/measure/schedule/duets.ts';
import { scheduledBlockSchema } from '../../../../src/core/model/run/schedule.ts';
import {
  aaControl,
  type Cell,
  cellKey,
  duetArm,
  executedRuntime,
  isBaselineArm,
} from '../../../../src/core/model/trial/cell.ts';
import { kataMissing, lineWorkload, runSubject, runtimeFacts } from '../../../support/records.ts';

const runtimes = [runtimeFacts('crun'), runtimeFacts('runc'), runtimeFacts('kata', kataMissing)];
const subjects = ['startup/a', 'io/b', 'isolation/facts'].map((id) => runSubject(id));
const cells = measurableCells(subjects, runtimes, 'runc', [lineWorkload('startup/a')], { duet: true });
const startup = cells.filter(({ workload }) => workload === 'startup/a');
const labels = (some: readonly Cell[]) => some.map(({ runtime, workload }) => `${runtime} ${workload}`);

const halves = ['0', '1'] as const;
const schedule = (block: number, { seed = 7, some = cells, turn = block } = {}) =>
  scheduleBlock({
    seed,
    block,
    cells: some,
    phase: 'measure',
    duets: { baseline: 'runc', halves, turnOf: () => turn },
  });

test('labels of the baseline’s arms are its own, and none is a runtime’s', () => {
  expect([duetArm('runc', 'crun'), aaControl('runc')]).toEqual(['runc#crun', 'runc#2']);
  for (const label of ['runc', 'runc#crun', 'runc#2']) expect(executedRuntime(label, 'runc')).toBe('runc');
  for (const label of ['crun', 'runc-old', 'crun#2']) expect(executedRuntime(label, 'runc')).toBe(label);
  expect(['runc', 'crun', 'runc#crun'].map((label) => isBaselineArm(label, 'runc'))).toEqual([
    false,
    false,
    true,
  ]);
});

test('every cell has a partner of its own, but facts, which are not compared', () => {
  expect(labels(cells)).toEqual([
    'crun startup/a',
    'runc#crun startup/a',
    'runc startup/a',
    'runc#2 startup/a',
    'crun io/b',
    'runc#crun io/b',
    'runc io/b',
    'runc#2 io/b',
    'crun isolation/facts',
    'runc isolation/facts',
  ]);
  expect(duetsOf(cells, 'runc').map(labels)).toEqual([
    ['crun startup/a', 'runc#crun startup/a'],
    ['runc#2 startup/a', 'runc startup/a'],
    ['crun io/b', 'runc#crun io/b'],
    ['runc#2 io/b', 'runc io/b'],
    ['crun isolation/facts'],
    ['runc isolation/facts'],
  ]);
});

test('where the baseline cannot do a subject, there is nothing to pair with', () => {
  const without = [runSubject('io/b', { unsupported: { runc: 'no' } })];
  expect(labels(measurableCells(without, runtimes, 'runc', [], { duet: true }))).toEqual(['crun io/b']);
});

test('the trials of a duet follow each other, name each other and have one half each', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 500 }), (seed, block) => {
      const { trials } = scheduledBlockSchema.parse(schedule(block, { seed }));
      expect(trials.map(({ cell }) => cellKey(cell)).toSorted()).toEqual(cells.map(cellKey).toSorted());
      expect(trials.map(({ position }) => position)).toEqual(trials.map((_, at) => at));
      const groups = atOnce(trials);
      expect(groups.map(({ length }) => length).toSorted()).toEqual([1, 1, 2, 2, 2, 2]);
      for (const [first, second] of groups) {
        if (first === undefined || second === undefined) {
          expect(first?.duet).toBeUndefined();
          continue;
        }
        expect(first.duet).toEqual({ partner: second.trialId, side: 0, cpus: '0' });
        expect(second.duet).toEqual({ partner: first.trialId, side: 1, cpus: '1' });
        const arms = new Set([first.cell.runtime, second.cell.runtime]);
        expect([new Set(['crun', 'runc#crun']), new Set(['runc', 'runc#2'])]).toContainEqual(arms);
      }
    }),
  );
});

test('the sides are swapped at every turn, and the seed draws which begins', () => {
  const sideOf = (turn: number, seed: number) =>
    schedule(turn, { seed, some: startup }).trials.find(({ cell }) => cell.runtime === 'crun')?.duet?.side;
  for (const seed of [1, 2, 3, 4])
    for (const turn of [0, 1, 2]) expect(sideOf(turn + 1, seed)).toBe(1 - (sideOf(turn, seed) ?? 9));
  expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => sideOf(0, seed))).size).toBe(2);
});

test('a schedule without duets is the one that it was before there were any', () => {
  const options = { seed: 7, block: 3, phase: 'measure', cells } as const;
  const { trials } = scheduleBlock(options);
  expect(trials.every((trial) => !('duet' in trial))).toBe(true);
  expect(atOnce(trials).every(({ length }) => length === 1)).toBe(true);
});

test('a trial whose partner a damaged schedule lacks is measured alone', () => {
  const { trials } = schedule(1);
  const [kept] = atOnce(trials).filter(({ length }) => length === 2);
  expect(atOnce(trials.filter((trial) => trial !== kept?.[1])).map(({ length }) => length)).toContain(1);
});

const open = (...names: readonly string[]) =>
  new Set(startup.filter(({ runtime }) => names.includes(runtime)));
const left = (names: readonly string[], enough: boolean) =>
  labels(wholeDuets(startup, open(...names), { baseline: 'runc', enough: () => enough }))
    .map((label) => label.split(' ')[0])
    .toSorted();

test('a duet goes on as a whole while the arm that leads it is open', () => {
  expect(left(['crun', 'runc', 'runc#2', 'runc#crun'], false)).toEqual([
    'crun',
    'runc',
    'runc#2',
    'runc#crun',
  ]);
  expect(left(['crun', 'runc'], false)).toEqual(['crun', 'runc', 'runc#2', 'runc#crun']);
  expect(left(['runc', 'runc#crun'], false)).toEqual(['runc', 'runc#2']);
});

test('the baseline’s own duet leaves its time to others once it has enough, and goes on where there are none', () => {
  expect(left(['crun', 'runc'], true)).toEqual(['crun', 'runc#crun']);
  expect(left(['runc'], true)).toEqual(['runc', 'runc#2']);
});

test('with an arm that is given up, its partner is', () => {
  const crun = startup.find(({ runtime }) => runtime === 'crun');
  const given = givenUpTogether(
    cells,
    new Map([[crun === undefined ? '' : cellKey(crun), 'failing']]),
    'runc',
  );
  expect([...given].map(([key, why]) => `${key.split('|')[0]} ${why}`)).toEqual([
    'crun failing',
    'runc#crun failing',
  ]);
});

test('the time of a duet counts once, for the arm that leads it', () => {
  const counted = schedule(1).trials.filter((trial) => bearsCost(trial, 'runc'));
  expect(labels(counted.map(({ cell }) => cell)).toSorted()).toEqual([
    'crun io/b',
    'crun isolation/facts',
    'crun startup/a',
    'runc isolation/facts',
    'runc#2 io/b',
    'runc#2 startup/a',
  ]);
});
