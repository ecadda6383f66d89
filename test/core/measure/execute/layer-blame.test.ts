import { expect, test } from 'vitest';
import type { RunningLayer } from '../../../../src/core/engine/layer.ts';
import { trialRunner } from '../../../../src/core/measure/execute/runner.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { EngineError, fakeEngine, fakeWorkload, type Script } from './support.ts';

/** The outcome of a trial at a layer whose engine answers, or does not. */
async function outcomeAt(script: Script, silent: string | null) {
  const asked: string[] = [];
  const engine = fakeEngine(script, []);
  const layer: RunningLayer = {
    ...engine,
    async create(spec, signal) {
      const stats = () => Promise.reject(new EngineError('no stats', 404));
      return { ...(await engine.create(spec, signal)), stats };
    },
    accounting: { kind: 'engine', cgroups: [] },
    async unreachable(runtime) {
      asked.push(runtime);
      return silent === null ? null : external(silent);
    },
  };
  const workload = fakeWorkload();
  const run = trialRunner({
    engine: fakeEngine({}, []),
    alone: new Map([['podman', layer]]),
    runId: 'r',
    scratch: null,
    hostPlace: null,
    prober: { ask: async () => process.hrtime.bigint(), ready: async () => {}, close: () => {} },
    images: new Map([['base', 'ocibench/base:1']]),
    subjects: [{ workload, params: {} }],
    explain: (_, message) => ({ code: 'explained', message }),
    interrupt: new AbortController().signal,
  });
  const place = { profile: 'default', layer: 'podman', workload: workload.id, params: '' } as const;
  const { record } = await run(
    { trialId: 'b001p000', position: 0, cell: { runtime: 'crun', ...place } },
    { block: 1, phase: 'measure', attempt: 1 },
  );
  return { outcome: record.outcome, asked };
}

test('a failure while the engine of its layer does not answer is not about the runtime', async () => {
  const { outcome, asked } = await outcomeAt({ start: new Error('no') }, 'it does not answer');
  expect(outcome).toMatchObject({ status: 'interrupted', reason: 'it does not answer' });
  expect(asked).toEqual(['crun']);
});

test('a failure while it answers is; where nothing fails it is not asked', async () => {
  expect((await outcomeAt({ start: new Error('no') }, null)).outcome).toMatchObject({ status: 'failed' });
  expect(await outcomeAt({ exit: 0 }, 'it does not answer')).toEqual({
    outcome: { status: 'ok' },
    asked: [],
  });
});
