import { expect, test } from 'vitest';
import { statesIn } from '../../../src/features/move/trying/container-state.ts';
import { outcomeNow, settleMs } from '../../../src/features/move/trying/outcome.ts';

/** An element of `docker inspect`, Docker 26.1. */
const inspected = (service: string, state: object) => ({
  Id: 'a'.repeat(64),
  Config: { Labels: { 'com.docker.compose.service': service } },
  State: {
    ...{ Status: 'running', ExitCode: 0, OOMKilled: false, Error: '' },
    ...{ StartedAt: '2026-11-30T05:00:00.1Z', FinishedAt: '0001-01-01T00:00:00Z' },
    ...state,
  },
});

const outcome = (state: object, upMs = 0) =>
  outcomeNow(statesIn(JSON.stringify([inspected('web', state)])).get('web'), upMs);

const health = (status: string) => ({ Health: { Status: status, FailingStreak: 0, Log: [] } });

test('a service with a health check is what it says', () => {
  expect(outcome(health('starting'), 99_999)).toBeNull();
  expect(outcome(health('healthy'))).toBe('healthy');
  expect(outcome(health('unhealthy'))).toBe('unhealthy');
});

test('a service without one has to stay up for a while', () => {
  expect(outcome({}, settleMs - 1)).toBeNull();
  expect(outcome({}, settleMs)).toBe('up');
});

test('how it ended', () => {
  expect(outcome({ Status: 'exited' })).toBe('done');
  expect(outcome({ Status: 'exited', ExitCode: 255 })).toBe('exited');
  expect(outcome({ Status: 'exited', OOMKilled: true })).toBe('exited');
  const never = { StartedAt: '0001-01-01T00:00:00Z' };
  expect(outcome({ Status: 'exited', ExitCode: 128, ...never })).toBe('not-started');
  expect(outcome({ Status: 'created', ...never })).toBeNull();
  expect(outcome({ Status: 'created', Error: 'failed to create task', ...never })).toBe('not-started');
  expect(outcomeNow(undefined, 9_999)).toBeNull();
});

test('what is no answer of docker inspect has no services', () => {
  for (const answer of ['', 'Error: No such object', '{}', '[{"Id":1}]', '[null]'])
    expect(statesIn(answer).size).toBe(0);
  const failed = { Status: 'unhealthy', Log: [{ End: 'x', ExitCode: 1, Output: `no\n${'x'.repeat(9999)}` }] };
  const [state] = statesIn(JSON.stringify([inspected('web', { Health: failed })])).values();
  expect(state?.lastCheck).toHaveLength(500);
});
