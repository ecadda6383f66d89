import { expect, test } from 'vitest';
import { lostOutputs } from '../../../../src/core/analyze/warnings/warnings.ts';
import { attemptTrial } from '../../../../src/core/measure/execute/trial-attempts.ts';
import type { TrialOutcome, TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { bareTrial } from '../../../support/records.ts';

const cell = {
  runtime: 'crun',
  profile: 'default',
  layer: 'docker',
  workload: 'startup/echo',
  params: '',
} as const;
const spec = { trialId: 't1', cell, position: 0 };
const place = { block: 1, phase: 'measure', attempt: 1 } as const;

const said = (stdout: string) => ({ stdout, stderr: '', truncated: false });
const ok = { outcome: { status: 'ok' }, exitCode: 0, output: said('ocibench\n') } as const;
const unparsed: TrialOutcome = {
  status: 'failed',
  step: 'parse',
  error: { code: 'parse-failed', message: 'expected a line, got ""' },
};
const mute = { outcome: unparsed, exitCode: 0, output: said('') } as const;

/** What is recorded of a trial that ends so, one end an attempt; the last one again and again. */
async function recordsOf(...ends: readonly Partial<TrialRecord>[]): Promise<readonly TrialRecord[]> {
  const records: TrialRecord[] = [];
  let tries = 0;
  await attemptTrial(
    {
      runTrial: async ({ trialId }, { attempt }) => ({
        record: {
          ...bareTrial({ ...place, ...spec, trialId, attempt, outcome: { status: 'ok' } }),
          ...ends[Math.min(tries++, ends.length - 1)],
        },
        readings: [],
      }),
      engineLost: () => null,
      interrupt: new AbortController().signal,
      writer: {
        appendTrial: (record) => void records.push(record),
        appendReadings: () => undefined,
      },
    },
    spec,
    place,
  );
  return records;
}

test('output that the engine lost is no fault of the runtime: the trial is run once more, and both attempts are recorded', async () => {
  const records = await recordsOf(mute, ok);
  expect(records).toMatchObject([
    {
      attempt: 1,
      outcome: { status: 'interrupted', reason: expect.stringContaining('none of its output') },
    },
    { attempt: 2, outcome: { status: 'ok' } },
  ]);
  expect(lostOutputs(records)).toMatchObject([
    { code: 'output-lost', message: expect.stringMatching(/^1 trial was repeated, .* \(crun ×1\)\.$/) },
  ]);
});

test('a runtime that loses its output again has failed', async () => {
  const records = await recordsOf(mute);
  expect(records.map(({ outcome }) => outcome.status)).toEqual(['interrupted', 'failed']);
  expect(records[1]?.outcome).toEqual(unparsed);
});

test('a pause between the two changes nothing', async () => {
  const paused = { outcome: { status: 'interrupted' } } as const;
  const records = await recordsOf(mute, paused, mute);
  expect(records.map(({ outcome }) => outcome.status)).toEqual(['interrupted', 'interrupted', 'failed']);
});

test.each<[string, Partial<TrialRecord>]>([
  ['that printed something else', { output: said('x') }],
  ['that ended with an error', { exitCode: 1 }],
  ['in which dockerd has no part', { cell: { ...cell, layer: 'oci' } }],
])('a trial %s has failed at once', async (_what, changes) => {
  const records = await recordsOf({ ...mute, ...changes });
  expect(records.map(({ outcome }) => outcome.status)).toEqual(['failed']);
  expect(lostOutputs(records)).toEqual([]);
});
