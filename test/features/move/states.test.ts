import { expect, test } from 'vitest';
import { statesIn } from '../../../src/features/move/trying/container-state.ts';
import { outcomeAfter, outcomeAtEnd, outcomeNow } from '../../../src/features/move/trying/outcome.ts';

/** An element of `docker inspect`, Docker 26.1. */
const inspected = (service: string, state: object) => ({
  Id: 'a'.repeat(64),
  Config: { Labels: { 'com.docker.compose.service': service } },
  State: {
    Status: 'running',
    ExitCode: 0,
    OOMKilled: false,
    Error: '',
    StartedAt: '2026-11-30T05:00:00.1Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    ...state,
  },
});

const settleMs = 3_000;
const stateOf = (state: object) => statesIn(JSON.stringify([inspected('web', state)])).get('web');
const outcome = (state: object, upMs = settleMs, mustEnd = false) =>
  outcomeNow(stateOf(state), { upMs, settleMs, mustEnd });

const health = (status: string) => ({ Health: { Status: status, FailingStreak: 0, Log: [] } });

test('a service with a health check is healthy once that succeeds, and it has been up for a while', () => {
  expect(outcome(health('starting'), 99_999)).toBeNull();
  expect(outcome(health('healthy'), settleMs - 1)).toBeNull();
  expect(outcome(health('healthy'))).toBe('healthy');
  // It may become healthy.
  expect(outcome(health('unhealthy'), 99_999)).toBeNull();
  expect(outcomeAtEnd(stateOf(health('unhealthy')), false)).toBe('unhealthy');
  expect(outcomeAtEnd(stateOf(health('starting')), false)).toBe('late');
});

test('a service without one has to stay up for a while, and a task has to end', () => {
  expect(outcome({}, settleMs - 1)).toBeNull();
  expect(outcome({})).toBe('up');
  expect(outcome({}, 99_999, true)).toBeNull();
  expect(outcome({ Status: 'exited' }, 0, true)).toBe('done');
});

test('how it ended', () => {
  expect(outcome({ Status: 'exited' })).toBe('done');
  expect(outcome({ Status: 'exited', ExitCode: 255 })).toBe('exited');
  expect(outcome({ Status: 'exited', OOMKilled: true })).toBe('exited');
  const never = { StartedAt: '0001-01-01T00:00:00Z' };
  expect(outcome({ Status: 'exited', ExitCode: 128, ...never })).toBe('not-started');
  expect(outcome({ Status: 'created', ...never })).toBeNull();
  expect(outcome({ Status: 'created', Error: 'failed to create task', ...never })).toBe('not-started');
  expect(outcomeNow(undefined, { upMs: 9_999, settleMs, mustEnd: false })).toBeNull();
  expect([outcomeAtEnd(undefined, true), outcomeAtEnd(undefined, false)]).toEqual(['not-reached', 'late']);
  expect(outcomeAtEnd(stateOf({ Status: 'restarting' }), false)).toBe('exited');
});

test('what ends later than it was looked at under the baseline is what it was', () => {
  expect(outcomeAfter('up', 'exited', 2_000, 3_000)).toBe('exited');
  expect(outcomeAfter('up', 'exited', 9_000, 3_000)).toBe('up');
  expect(outcomeAfter('up', 'done', 2_000, 3_000)).toBe('up');
  expect(outcomeAfter('healthy', null, 2_000, 3_000)).toBe('healthy');
});

test('what is no answer of docker inspect has no services', () => {
  for (const answer of ['', 'Error: No such object', '{}', '[{"Id":1}]', '[null]'])
    expect(statesIn(answer).size).toBe(0);
  const failed = { Status: 'unhealthy', Log: [{ End: 'x', ExitCode: 1, Output: `${'x'.repeat(9999)}\nno` }] };
  const [state] = statesIn(JSON.stringify([inspected('web', { Health: failed })])).values();
  // Its end says why it failed.
  expect(state?.lastCheck).toHaveLength(2_000);
  expect(state?.lastCheck.endsWith('\nno')).toBe(true);
});
