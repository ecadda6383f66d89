import { expect, test } from 'vitest';
import { inLanes } from '../../../../src/features/fleet/launch/contexts/launch.ts';
import {
  exitCodeOfHosts,
  type HostEnd,
  sameRun,
  stateOfExitCode,
} from '../../../../src/features/fleet/launch/run-end.ts';

const ended = (...states: readonly HostEnd['state'][]) =>
  states.map((state, at) => ({ host: `h${at}`, state, why: null }));

test.each([
  [['ran', 'ran'], false, 0],
  [['ran', 'some-failed'], false, 1],
  [['ran', 'failed'], false, 1],
  [['some-failed', 'given-up'], false, 1],
  [['failed', 'given-up'], false, 3],
  [['ran', 'ran'], true, 130],
] as const)('%j, interrupted: %s: exit code %i', (states, interrupted, code) => {
  expect(exitCodeOfHosts(ended(...states), interrupted)).toBe(code);
});

test.each([
  [0, 'ran'],
  [1, 'some-failed'],
  [2, 'failed'],
  [3, 'failed'],
  [4, 'failed'],
  [127, 'failed'],
  [130, 'interrupted'],
  [143, 'interrupted'],
] as const)('exit code %i of a run: %s', (code, state) => {
  expect(stateOfExitCode(code)).toBe(state);
});

test('a seed is drawn once, where none is given', () => {
  expect(sameRun(['--preset', 'quick'], { preset: 'quick' }, () => 9).words).toEqual([
    '--preset',
    'quick',
    '--set',
    'seed=9',
  ]);
  expect(sameRun(['--set', 'seed=3'], { seed: 3 }, () => 9).words).toEqual(['--set', 'seed=3']);
});

test('a key that the launcher sets itself is refused, unless it is given the same value', () => {
  const own = ['labels.node=', 'progress=false'];
  const keys = (...words: readonly string[]) =>
    sameRun(words, {}, () => 1, {}, own).problems.map(({ key }) => key);
  expect(keys('--set', 'labels={"a":"b"}')).toEqual(['--set labels']);
  expect(keys('--set=progress=true', '--set', 'labels.node=x')).toEqual([
    '--set progress',
    '--set labels.node',
  ]);
  expect(keys('--set', 'progress=false', '--set', 'labels.zone=a', '--set', 'label=1')).toEqual([]);
  // What is no pair has another problem.
  expect(keys('--set', 'progress')).toEqual([]);
});

test('what the launcher chooses is refused, all of it at once', () => {
  const flags = { out: 'x', resume: 'latest', context: 'a' };
  const { problems } = sameRun([], flags, () => 1, { context: '--set context' });
  expect(problems.map(({ key }) => key)).toEqual(['--out', '--resume', '--set context']);
});

test('lanes: so many at once, those of one lane in their order', async () => {
  const log: string[] = [];
  let [now, most] = [0, 0];
  await inLanes(
    ['l1', 'r1', 'l2', 'r2', 'l3'],
    (name) => (name.startsWith('l') ? 'local' : name),
    2,
    async (name) => {
      most = Math.max(most, ++now);
      log.push(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
    },
  );
  expect(most).toBe(2);
  expect(log.filter((name) => name.startsWith('l'))).toEqual(['l1', 'l2', 'l3']);
  expect(log.toSorted()).toEqual(['l1', 'l2', 'l3', 'r1', 'r2']);
});
