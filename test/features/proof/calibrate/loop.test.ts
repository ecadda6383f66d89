import { expect, test } from 'vitest';
import { pausedReason } from '../../../../src/core/measure/execute/suspend-detection.ts';
import { maxAttempts } from '../../../../src/core/measure/execute/trial-attempts.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { ScheduledBlock } from '../../../../src/core/model/run/schedule.ts';
import { cellKey } from '../../../../src/core/model/trial/cell.ts';
import type { TrialOutcome } from '../../../../src/core/model/trial/trial.ts';
import { cellOf } from '../../../../src/features/proof/calibrate/comparisons.ts';
import { runCalibration } from '../../../../src/features/proof/calibrate/loop.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { bareTrial } from '../../../support/records.ts';
import { comparison, figures, probeTrial } from './builders.ts';

/** A calibration of one check whose trials end as told. */
function simulate(outcomeOf: (block: number, attempt: number) => TrialOutcome, lost: string | null = null) {
  const lines: [trialId: string, attempt: number, status: string][] = [];
  const readingsOf: number[] = [];
  let clock = 0;
  const done = runCalibration({
    comparisons: [comparison('cpu-100ms')],
    seed: 1,
    minBlocks: 1,
    maxBlocks: 2,
    maxTimeMs: 1e6,
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

const millisecond = 1e6;

/**
 * A calibration of an instrument that counts CPU with this error and scatter (as multiples of the tolerance); each trial takes
 * 100 ms.
 */
async function calibrated(
  ids: readonly string[],
  instrument: (id: string) => { readonly error: number; readonly scatter: number } | null,
  { maxTimeMs = 1e9, seed = 1 } = {},
) {
  const comparisons = ids.map((id) => comparison(id));
  const random = seededRandom(`instrument ${seed}`);
  const blocks: ScheduledBlock[] = [];
  const opens: (readonly string[])[] = [];
  let clock = 0;
  const checks = await runCalibration({
    comparisons,
    seed,
    minBlocks: 6,
    maxBlocks: 60,
    maxTimeMs,
    runTrial: async (spec, place) => {
      clock += 100;
      const known = comparisons.find(({ treatment }) => cellKey(spec.cell) === cellKey(cellOf(treatment)));
      const cpuNs = (known?.treatment.task.cpu_ms ?? 0) * millisecond;
      const found = known === undefined ? { error: 0, scatter: 0 } : instrument(known.id);
      const allowed = known?.tolerance(cpuNs) ?? 0;
      const wrong = found === null ? 0 : allowed * (found.error + found.scatter * gaussian(random));
      const arm = known?.treatment ?? comparison('cpu-100ms').control;
      const outcome: TrialOutcome =
        found === null
          ? { status: 'failed', step: 'start', error: { code: 'x', message: 'no start' } }
          : { status: 'ok' };
      const trial = probeTrial(arm, place.block, { cpuNs }, figures({ 'cpu.usage': 30e6 + cpuNs + wrong }));
      return { record: { ...trial, ...spec, ...place, iterationNs: 100e6, outcome }, readings: [] };
    },
    writer: {
      appendBlock: (block) => blocks.push(block),
      appendTrial: () => undefined,
      appendReadings: () => undefined,
    },
    interrupt: new AbortController().signal,
    engineLost: () => null,
    onBlock: (_, open) => opens.push(open.map(({ id }) => id)),
    now: () => clock,
  });
  const pairs = (id: string) => checks.find((check) => check.id === id)?.n ?? 0;
  return { checks, blocks, opens, pairs };
}

test('a settled check gets no more trials, and what scatters goes on', async () => {
  const { checks, blocks, opens, pairs } = await calibrated(['cpu-10ms', 'cpu-100ms'], (id) => ({
    error: 0,
    scatter: id === 'cpu-10ms' ? 1 : 0.01,
  }));
  expect(checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  expect(pairs('cpu-100ms')).toBe(6);
  expect(pairs('cpu-10ms')).toBeGreaterThan(6);
  expect(opens[5]).toEqual(['cpu-10ms', 'cpu-100ms']);
  expect(opens[6]).toEqual(['cpu-10ms']);
  expect(opens.at(-1)).toEqual([]);
  // One trial of the runtime and program warms up, not every arm.
  expect(blocks[0]?.trials).toHaveLength(1);
  expect(
    blocks
      .at(-1)
      ?.trials.map(({ cell }) => cell.params)
      .toSorted(),
  ).toEqual(['', 'cpu_ms=10;delay_ms=100;life_ms=150']);
});

test('the same seed and records give the same schedule', async () => {
  const noisy = () => ({ error: 0, scatter: 1 });
  const [first, second] = [
    await calibrated(['cpu-10ms', 'cpu-1s'], noisy),
    await calibrated(['cpu-10ms', 'cpu-1s'], noisy),
  ];
  expect(first.blocks.length).toBeGreaterThan(7);
  expect(second.blocks).toEqual(first.blocks);
});

test('what time does not settle is inconclusive, with what it would take', async () => {
  const { checks, pairs } = await calibrated(['cpu-100ms'], () => ({ error: 0, scatter: 5 }), {
    maxTimeMs: 2_000,
  });
  const [check] = checks;
  expect(pairs('cpu-100ms')).toBeLessThanOrEqual(10);
  expect(check?.verdict).toBe('inconclusive');
  expect(check?.needs?.morePairs).toBeGreaterThan(10);
  expect(check?.needs?.moreMs).toBe((check?.needs?.morePairs ?? 0) * 200);
  expect(check?.note).toMatch(/^inconclusive: about \d+ more pairs would settle it, \d+ s \(--max-time\)$/);
  expect(check?.messages?.note?.id).toBe('calibration.needs');
});

test('before there is an interval, at least its pairs are missing', async () => {
  const { checks } = await calibrated(['cpu-100ms'], () => ({ error: 0, scatter: 0.01 }), { maxTimeMs: 900 });
  expect(checks[0]).toMatchObject({ verdict: 'inconclusive', n: 4, needs: { morePairs: 2, moreMs: 400 } });
});

test('an error at the limit ends with a narrow interval, and says that more would not help', async () => {
  const ends = await Promise.all(
    [1, 2, 3, 4].map((seed) => calibrated(['cpu-100ms'], () => ({ error: 1, scatter: 0.4 }), { seed })),
  );
  const undecided = ends.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict === 'inconclusive');
  expect(undecided.length).toBeGreaterThan(0);
  for (const { note, n } of undecided) {
    expect(note).toBe('the error is close to the limit: more pairs would not decide');
    expect(n).toBeLessThan(30);
  }
});

test('an arm that fails again and again is given up, and the others go on', async () => {
  const { checks, blocks, pairs } = await calibrated(['cpu-10ms', 'cpu-100ms'], (id) =>
    id === 'cpu-10ms' ? null : { error: 0, scatter: 0.01 },
  );
  expect(checks[0]).toMatchObject({ verdict: 'inconclusive', n: 0 });
  expect(checks[0]?.note).toMatch(/failed, the first with: start: no start/);
  expect(pairs('cpu-100ms')).toBe(6);
  expect(blocks).toHaveLength(7);
  expect(blocks[6]?.trials).toHaveLength(2);
});
