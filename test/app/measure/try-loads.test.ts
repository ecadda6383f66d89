import { expect, test } from 'vitest';
import { withoutFailingLoads } from '../../../src/app/measure/try-loads.ts';
import { external } from '../../../src/core/messages/compose.ts';
import type { Message } from '../../../src/core/messages/message.ts';
import { unsupportedReason } from '../../../src/core/model/run/run.ts';
import type { TrialOutcome } from '../../../src/core/model/trial/trial.ts';
import type { Service } from '../../../src/core/model/workload/service.ts';
import { bareTrial, lineWorkload, runRecord, runSubject, runtimeFacts } from '../../support/records.ts';

const service: Service = {
  name: 'cache',
  image: 'cache:1',
  command: [],
  ready: { port: 6379 },
  load: { image: 'cache:1', command: ['redis-benchmark', '-h', '{address}'] },
  env: {},
  memoryBytes: null,
  timeoutMs: 60_000,
};
const ids = ['startup/own-cache', 'memory/own-cache', 'app/own-cache'];
const ok: TrialOutcome = { status: 'ok' };
const severalTests: TrialOutcome = {
  status: 'failed',
  step: 'parse',
  error: { code: 'parse-failed', message: 'redis-benchmark reports 21 tests; name one, with -t' },
};

/** The loads of a run are tried; each runtime's trial ends as told. */
async function tried(
  outcomes: Readonly<Record<string, TrialOutcome>>,
  {
    load = service.load,
    lost = null,
    profiles = [],
  }: { load?: Service['load']; lost?: Message | null; profiles?: readonly string[] } = {},
) {
  const further = profiles.map((profile) => runSubject('app/own-cache', { profile }));
  const run = runRecord({
    config: { services: [{ ...service, load }] },
    runtimes: ['runc', 'crun', 'runsc'].map((name) => runtimeFacts(name)),
    subjects: [...ids.map((id) => runSubject(id)), ...further],
  });
  const [calls, said]: [string[], string[]] = [[], []];
  const after = await withoutFailingLoads(
    run,
    ids.map((id) => lineWorkload(id)),
    {
      runTrial: async (spec, place) => {
        const { cell, trialId } = spec;
        calls.push(`${trialId} ${cell.runtime} ${cell.workload}`);
        const outcome = outcomes[`${cell.runtime}@${cell.profile}`] ?? outcomes[cell.runtime] ?? ok;
        // A service under load is killed in the end.
        const record = { ...bareTrial({ ...spec, ...place, outcome }), exitCode: 137 };
        return { record, readings: [] };
      },
      session: { lost: async () => lost },
      interrupt: new AbortController().signal,
    },
    { log: ({ text }) => said.push(text) },
  );
  const reasons = after.subjects.map((subject) =>
    run.runtimes.map(({ entry }) => unsupportedReason(subject, entry.name)?.text),
  );
  return { calls, said, reasons };
}

test('a load that gives figures is tried once, with nobody told that it fails', async () => {
  const { calls, said, reasons } = await tried({});
  expect(calls).toEqual(['load0 runc app/own-cache']);
  expect(said).toEqual(['the load of cache is tried once, before the run']);
  expect(reasons.flat().filter((reason) => reason !== undefined)).toEqual([]);
});

test('a load without figures under two runtimes is left out under all, with its own reason; the rest stays', async () => {
  const { calls, reasons } = await tried({ runc: severalTests, crun: severalTests });
  expect(calls).toEqual(['load0 runc app/own-cache', 'load1 crun app/own-cache']);
  const reason =
    'its load was tried before the run and gave no figure (parse: redis-benchmark reports 21 tests; name one, with -t)';
  expect(reasons).toEqual([
    [undefined, undefined, undefined],
    [undefined, undefined, undefined],
    [reason, reason, reason],
  ]);
});

test('what fails under one runtime alone, or is interrupted, is no fault of the load', async () => {
  const other = await tried({ runc: { status: 'timed-out', step: 'peer', limitMs: 1 } });
  expect(other.calls).toHaveLength(2);
  expect(other.reasons[2]).toEqual([undefined, undefined, undefined]);
  const interrupted = await tried({ runc: { status: 'interrupted' } });
  expect(interrupted.reasons[2]).toEqual([undefined, undefined, undefined]);
});

test('a load that fails under one profile alone is left out under that profile alone', async () => {
  const { calls, reasons } = await tried(
    { 'runc@strict': severalTests, 'crun@strict': severalTests },
    { profiles: ['strict'] },
  );
  expect(calls).toHaveLength(3);
  expect(reasons[2]).toEqual([undefined, undefined, undefined]);
  expect(reasons[3]).toEqual(Array(3).fill(expect.stringContaining('redis-benchmark reports 21 tests')));
});

test('a service without a load is not tried, and an engine that is lost meanwhile is no fault of a load', async () => {
  expect((await tried({ runc: severalTests, crun: severalTests }, { load: null })).calls).toEqual([]);
  await expect(tried({ runc: severalTests }, { lost: external('it went down') })).rejects.toMatchObject({
    exitCode: 3,
  });
});
