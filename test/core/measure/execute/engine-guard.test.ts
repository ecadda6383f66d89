import { expect, test } from 'vitest';
import { EngineError } from '../../../../src/core/engine/engine.ts';
import { type GuardedEngine, guardEngine } from '../../../../src/core/measure/execute/engine-guard.ts';
import type { TrialResult } from '../../../../src/core/measure/execute/trial.ts';
import type { DiskFull } from '../../../../src/core/model/machine/disk-error.ts';
import type { TrialOutcome } from '../../../../src/core/model/trial/trial.ts';
import { fakeEngine, runScripted } from './support.ts';

/** A daemon whose state tests change. */
function fakeDaemon() {
  const state = { up: true, version: '26.1.5', shortage: null as DiskFull | null };
  const gone = new AbortController();
  const engine: GuardedEngine = {
    facts: { ...fakeEngine({}, []).facts, kind: 'docker' },
    dataRoot: '/var/lib/docker',
    async versionNow() {
      if (!state.up) throw new EngineError('connect ECONNREFUSED', null, undefined, true);
      return state.version;
    },
    watch: async () => ({ gone: gone.signal, close: () => gone.abort() }),
  };
  return { state, down: () => gone.abort(), guard: () => guardEngine(engine, async () => state.shortage) };
}

async function resultOf(outcome: TrialOutcome): Promise<TrialResult> {
  const { record, readings } = await runScripted({});
  return { record: { ...record, outcome }, readings };
}
const failed = (step: 'create' | 'start' | 'run', message: string): TrialOutcome => ({
  status: 'failed',
  step,
  error: { code: 'start-failed', message },
});

test('while the engine is well every outcome stays what it is', async () => {
  const daemon = fakeDaemon();
  const guard = await daemon.guard();
  for (const outcome of [
    { status: 'ok' },
    failed('start', 'OCI runtime create failed'),
    { status: 'timed-out', step: 'start', limitMs: 1 },
    { status: 'interrupted' },
    failed('run', 'write error: No space left on device'),
    failed('start', 'write cgroup.procs: no space left on device'),
  ] satisfies TrialOutcome[])
    expect((await guard.during(() => resultOf(outcome))).record.outcome).toEqual(outcome);
  expect(guard.lost()).toBeNull();
});

test('a trial during which the daemon went is no value, even if it looks like one', async () => {
  const daemon = fakeDaemon();
  const guard = await daemon.guard();
  const { record } = await guard.during(async (gone) => {
    daemon.down();
    expect(gone.aborted).toBe(true);
    return resultOf({ status: 'ok' });
  });
  expect(record.outcome).toEqual({
    status: 'interrupted',
    reason: 'it ended, or was restarted',
    messages: { reason: { id: 'engineGuard.ended' } },
  });
  expect(guard.lost()?.text).toBe('it ended, or was restarted');
});

test.each([
  ['a daemon that does not answer', { up: false }, /does not answer within 5 s/],
  ['a daemon of another version', { version: '27.0.0' }, /now Docker 27\.0\.0, and was 26\.1\.5/],
  ['a disk that is full', { shortage: 'ENOSPC' }, /no space is left in \/var\/lib\/docker/],
  ['a quota that is used up', { shortage: 'EDQUOT' }, /the disk quota is used up in \/var\/lib\/docker/],
])('%s is not the runtime’s fault', async (_, change, reason) => {
  const daemon = fakeDaemon();
  const guard = await daemon.guard();
  Object.assign(daemon.state, change);
  const { record } = await guard.during(() => resultOf({ status: 'timed-out', step: 'start', limitMs: 1 }));
  expect(record.outcome).toMatchObject({ status: 'interrupted', reason: expect.stringMatching(reason) });
});

test.each([
  ['create', 'mkdir: no space left on device', 'no space is left in /var/lib/docker'],
  ['create', 'disk quota exceeded', 'the disk quota is used up in /var/lib/docker'],
  [
    'start',
    'open /var/lib/docker/containers/c/hostconfig.json: no space left on device',
    'no space is left in /var/lib/docker',
  ],
] as const)('a %s that fails with %j is the full disk’s fault', async (step, words, reason) => {
  const guard = await fakeDaemon().guard();
  const { record } = await guard.during(() => resultOf(failed(step, words)));
  expect(record.outcome).toMatchObject({ status: 'interrupted', reason });
});

test('a daemon that ends between two trials is reported too', async () => {
  const daemon = fakeDaemon();
  const guard = await daemon.guard();
  expect(guard.lost()).toBeNull();
  daemon.down();
  expect(guard.lost()?.text).toBe('it ended, or was restarted');
});

test('a connection that broke in a step is the engine’s fault', async () => {
  const guard = await fakeDaemon().guard();
  const broken = { status: 'interrupted', reason: 'start: read ECONNRESET' } as const;
  expect((await guard.during(() => resultOf(broken))).record.outcome).toEqual(broken);
  expect(guard.lost()?.text).toBe('start: read ECONNRESET');
});
