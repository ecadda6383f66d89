import { expect, test } from 'vitest';
import { runCalibration } from '../../src/calibrate/loop.ts';
import { pausedReason } from '../../src/execute/suspend-detection.ts';
import { maxAttempts } from '../../src/execute/trial-attempts.ts';
import { external } from '../../src/messages/compose.ts';
import type { TrialOutcome } from '../../src/model/trial.ts';
import { bareTrial } from '../support/records.ts';
import { comparison } from './builders.ts';

/** A calibration of one check whose trials end as told. */
function simulate(outcomeOf: (block: number, attempt: number) => TrialOutcome, lost: string | null = null) {
  const lines: [trialId: string, attempt: number, status: string][] = [];
  const readingsOf: number[] = [];
  let clock = 0;
  const done = runCalibration({
    comparisons: [comparison('cpu-100ms')],
    ...{ seed: 1, minBlocks: 1, maxBlocks: 2, maxTimeMs: 1e6 },
    runTrial: async (spec, place) => ({
      record: bareTrial({ ...spec, ...place, outcome: outcomeOf(place.block, place.attempt) }),
      readings: [],
    }),
    writer: {
      appendBlock: () => undefined,
      appendTrial: ({ trialId, attempt, outcome }) => lines.push([trialId, attempt, outcome.status]),
      appendReadings: () => readingsOf.push(lines.length),
    },
    interrupt: new AbortController().signal,
    engineLost: () => (lost === null ? null : external(lost)),
    onBlock: () => undefined,
    now: () => clock++,
  });
  return { done, lines, readingsOf };
}

test('a trial in which the harness was stopped is measured again, and its readings are not kept', async () => {
  const { done, lines, readingsOf } = simulate((block, attempt) =>
    block === 1 && attempt === 1 ? { status: 'interrupted', reason: pausedReason.text } : { status: 'ok' },
  );
  await done;
  const paused = lines.filter(([, , status]) => status === 'interrupted');
  expect(paused).toHaveLength(2);
  for (const [trialId] of paused)
    expect(lines.filter(([id]) => id === trialId).map(([, ...rest]) => rest)).toEqual([
      [1, 'interrupted'],
      [2, 'ok'],
    ]);
  expect(readingsOf).toHaveLength(lines.length - paused.length);
});

test('on a host that keeps standing still a calibration ends all the same', async () => {
  const { done, lines } = simulate((block) =>
    block === 1 ? { status: 'interrupted', reason: pausedReason.text } : { status: 'ok' },
  );
  await done;
  const attempts = Map.groupBy(
    lines.filter(([, , status]) => status === 'interrupted'),
    ([id]) => id,
  );
  expect([...attempts.values()].map((own) => own.length)).toEqual([maxAttempts, maxAttempts]);
});

test('without its engine a calibration ends', async () => {
  const reason = 'it ended, or was restarted';
  const { done, lines } = simulate(() => ({ status: 'interrupted', reason }), reason);
  await expect(done).rejects.toThrow('the engine was lost: it ended, or was restarted');
  expect(lines).toHaveLength(1);
});
