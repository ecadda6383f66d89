import { expect, test } from 'vitest';
import type { Group } from '../../../../src/core/model/workload/scenario.ts';
import { kneeIn } from '../../../../src/features/sandbox/density/knee.ts';
import { stepsIn } from '../../../../src/features/sandbox/density/step.ts';
import { EngineError, runScripted, type Script } from '../../../core/measure/execute/support.ts';

const group: Group = {
  kind: 'runner',
  runner: 'density',
  count: 10,
  needsHost: true,
  settings: { step: 4, settleMs: 5, windowMs: 5 },
};
const idle = { exit: 'hang', stdout: 'idle\n' } as const satisfies Script;
const removals = (calls: readonly string[]) => calls.filter((call) => call === 'remove').length;

test('adds sandboxes in steps until all of them run, and removes every one', async () => {
  const { record, calls } = await runScripted(idle, { group, workload: { parse: () => [] } });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(stepsIn(record.figures).map(({ count }) => count)).toEqual([4, 8, 10]);
  expect(kneeIn(record.figures)).toEqual({ cause: 'end', fit: 10 });
  expect(record.copies.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(removals(calls)).toBe(10);
});

test('a start that fails later on is the knee, with its reason, and no failed trial', async () => {
  let asked = 0;
  const script: Script = {
    ...idle,
    // A create that goes well asks twice.
    get create() {
      asked += 1;
      return asked > 12 ? new EngineError('no more sandboxes', 500) : undefined;
    },
  } as Script;
  const { record, calls } = await runScripted(script, { group, workload: { parse: () => [] } });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(kneeIn(record.figures)?.cause).toBe('failed');
  expect(record.figures['broken.failure']).toMatchObject({ absent: 'no more sandboxes' });
  const started = record.copies.length;
  expect(started).toBeGreaterThanOrEqual(4);
  expect(started).toBeLessThan(8);
  expect(record.figures['sandboxes.count']).toMatchObject({ value: started });
  expect(removals(calls)).toBe(started);
  // What the engine may have made of those that failed goes by name.
  expect(calls.filter((call) => call.startsWith('force-remove')).length).toBeGreaterThan(0);
});

test('where not even the first sandboxes start, the trial has failed', async () => {
  const { record } = await runScripted({ ...idle, start: new EngineError('no', 500) }, { group });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'start' });
});

test('a lost engine says nothing about how many fit', async () => {
  const lost = new EngineError('gone', null, undefined, true);
  const { record } = await runScripted({ ...idle, start: lost }, { group });
  expect(record.outcome).toMatchObject({ status: 'interrupted' });
});

test('an engine that is lost after another start has failed says nothing either', async () => {
  let asked = 0;
  const script = {
    ...idle,
    // A start that fails asks three times.
    get start() {
      asked += 1;
      return asked > 3 ? new EngineError('gone', null, undefined, true) : new EngineError('no', 500);
    },
  } as Script;
  const { record } = await runScripted(script, { group });
  expect(record.outcome).toMatchObject({ status: 'interrupted' });
});

test('sandboxes that end by themselves are the knee, and what was read of the dead is no step', async () => {
  const { record } = await runScripted({ ...idle, exit: 1 }, { group, workload: { parse: () => [] } });
  expect(kneeIn(record.figures)).toEqual({ cause: 'died', fit: 0, missed: 4 });
  expect(stepsIn(record.figures)).toEqual([]);
});

test('a sandbox that dies in a later step leaves the steps before it', async () => {
  let started = 0;
  const script = {
    ...idle,
    get exit() {
      started += 1;
      return started > 6 ? 137 : 'hang';
    },
  } as Script;
  const { record } = await runScripted(script, { group, workload: { parse: () => [] } });
  expect(kneeIn(record.figures)).toEqual({ cause: 'died', fit: 4, missed: 8 });
  expect(stepsIn(record.figures).map(({ count }) => count)).toEqual([4]);
});

test('answers that do not come are the knee', async () => {
  const silent: Group = { ...group, settings: { ...group.settings, answers: 10 } } as Group;
  const { record } = await runScripted(idle, { group: silent, workload: { parse: () => [] } });
  expect(kneeIn(record.figures)).toEqual({ cause: 'answers', fit: 0, missed: 4 });
});

test('interrupted, it removes what it has started before it gives up', async () => {
  const slow: Group = { ...group, settings: { step: 4, settleMs: 400, windowMs: 5 } };
  const { record, calls } = await runScripted(idle, { group: slow, interruptAfterMs: 100 });
  expect(record.outcome).toEqual({ status: 'interrupted' });
  expect(removals(calls)).toBe(calls.filter((call) => call === 'start').length);
});
