import { describe, expect, test } from 'vitest';
import { type RunLoop, runBlocks } from '../../../../src/core/measure/execute/run-loop.ts';
import type { CpuHalves } from '../../../../src/core/measure/schedule/duets.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import type { ResolvedConfig } from '../../../../src/core/model/run/run.ts';
import type { ScheduledBlock } from '../../../../src/core/model/run/schedule.ts';
import { type Cell, cellKey } from '../../../../src/core/model/trial/cell.ts';
import type { TrialOutcome, TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { bareTrial } from '../../../support/records.ts';

const cells: Cell[] = ['startup/echo', 'io/fio'].flatMap((workload) =>
  ['runc', 'crun', 'runsc'].map((runtime) => ({
    runtime,
    profile: 'default',
    layer: 'docker' as const,
    workload,
    params: '',
  })),
);

const config: ResolvedConfig = {
  preset: 'quick',
  runtimes: null,
  workloads: null,
  baseline: 'runc',
  minBlocks: 3,
  maxBlocks: 5,
  precision: null,
  maxTimeMs: 1e9,
  samplePeriodMs: 100,
  seed: 1,
  engine: 'auto',
  lang: 'en',
  labels: {},
  thresholds: { practical: 0.05, alpha: 0.05 },
};

/** A run whose trials take no time of their own; `disk` is what the writer was given, in order. */
function simulate(
  options: {
    before?: { blocks: ScheduledBlock[]; trials: TrialRecord[] };
    interruptAfter?: number;
    engineLostAfter?: number;
    width?: (cell: string) => number | null;
    outcome?: (cell: Cell, block: number, attempt: number) => TrialOutcome;
    maxBlocks?: RunLoop['maxBlocksOf'];
    msPerTrial?: number;
    msPerMeasuredTrial?: number;
    /** What opening the engine and providing images took. */
    preparedInMs?: number;
    config?: Partial<ResolvedConfig>;
    cells?: readonly Cell[];
    fromBlock?: number;
    halves?: CpuHalves;
  } = {},
) {
  const blocks: ScheduledBlock[] = [...(options.before?.blocks ?? [])];
  const trials: TrialRecord[] = [...(options.before?.trials ?? [])];
  const disk: string[] = [];
  const own = options.cells ?? cells;
  const interrupt = new AbortController();
  let clock = options.preparedInMs ?? 0;
  const done = runBlocks({
    config: { ...config, ...options.config },
    halves: options.halves,
    cells: own,
    fromBlock: options.fromBlock ?? 0,
    before: options.before ?? { blocks: [], trials: [] },
    interrupt: interrupt.signal,
    now: () => clock,
    onEvent: () => undefined,
    engineLost: async () => {
      const started = disk.filter((line) => line.startsWith('run ')).length;
      return started === options.engineLostAfter ? external('its dockerd has ended') : null;
    },
    maxBlocksOf: options.maxBlocks ?? (() => 99),
    precisionOf: () =>
      new Map(
        own
          .filter(({ runtime }) => runtime !== 'runc')
          .map((cell) => {
            const width = options.width?.(cellKey(cell)) ?? null;
            const settled = width !== null && width <= 1 ? 'precise' : null;
            return [cellKey(cell), { width, shift: null, settled }];
          }),
      ),
    writer: {
      appendBlock: (block) => {
        blocks.push(block);
        disk.push(`block ${block.block}`);
      },
      appendTrial: (trial) => {
        trials.push(trial);
        disk.push(trial.trialId);
      },
      appendReadings: () => undefined,
    },
    async runTrial(spec, place) {
      disk.push(`run ${spec.trialId}`);
      const { msPerTrial = 1, msPerMeasuredTrial = msPerTrial } = options;
      clock += place.phase === 'warmup' ? msPerTrial : msPerMeasuredTrial;
      const started = disk.filter((line) => line.startsWith('run ')).length;
      const cut = started === options.interruptAfter;
      if (cut) interrupt.abort();
      const outcome: TrialOutcome = cut
        ? { status: 'interrupted' }
        : (options.outcome?.(spec.cell, place.block, place.attempt) ?? { status: 'ok' });
      return { record: bareTrial({ ...spec, ...place, outcome }), readings: [] };
    },
  });
  return done.then((end) => ({ ...end, blocks, disk, trials }));
}

test('one warm-up block, then complete blocks, each trial recorded before the next starts', async () => {
  const { blocks, disk, stopReason } = await simulate();
  expect(stopReason).toBe('max-blocks');
  expect(blocks.map((block) => block.phase)).toEqual(['warmup', ...Array(5).fill('measure')]);
  for (const block of blocks)
    expect(new Set(block.trials.map((trial) => trial.cell))).toEqual(new Set(cells));
  const trialLines = disk.filter((line) => !line.startsWith('block'));
  for (let i = 0; i < trialLines.length; i += 2) expect(trialLines[i]).toBe(`run ${trialLines[i + 1]}`);
});

test('runtimes are interleaved, not measured one after the other', async () => {
  const { trials } = await simulate();
  const order = trials.map((trial) => trial.cell.runtime);
  const changes = order.filter((runtime, i) => i > 0 && runtime !== order[i - 1]).length;
  expect(changes).toBeGreaterThan(order.length / 3);
});

test('a precise subject stops after the least number of blocks while a wide one goes on with all its runtimes', async () => {
  const { trials, stopReason } = await simulate({
    width: (cell) => (cell.includes('startup') ? 0.5 : 2),
  });
  const count = (workload: string, runtime: string) =>
    trials.filter((t) => t.phase === 'measure' && t.cell.workload === workload && t.cell.runtime === runtime)
      .length;
  for (const runtime of ['runc', 'crun', 'runsc']) {
    expect(count('startup/echo', runtime)).toBe(3);
    expect(count('io/fio', runtime)).toBe(5);
  }
  expect(stopReason).toBe('max-blocks');
});

test('a precise cell costs no more time while a wide one of its subject goes on beside the baseline', async () => {
  const { trials, stopReason } = await simulate({ width: (cell) => (cell.startsWith('crun') ? 0.5 : 2) });
  const count = (runtime: string) =>
    trials.filter((t) => t.phase === 'measure' && t.cell.workload === 'io/fio' && t.cell.runtime === runtime)
      .length;
  expect([count('runc'), count('crun'), count('runsc')]).toEqual([5, 3, 5]);
  expect(stopReason).toBe('max-blocks');
});

test('a subject whose other runtimes were all given up leaves its time to the rest', async () => {
  const { trials } = await simulate({
    width: () => 2,
    config: { maxBlocks: 9 },
    outcome: ({ runtime, workload }) =>
      runtime !== 'runc' && workload === 'io/fio'
        ? { status: 'unsupported', reason: 'it cannot' }
        : { status: 'ok' },
  });
  const count = (workload: string) =>
    trials.filter((t) => t.phase === 'measure' && t.cell.workload === workload && t.cell.runtime === 'runc')
      .length;
  expect([count('startup/echo'), count('io/fio')]).toEqual([9, 3]);
});

test('the time budget ends the run at a block that would not fit', async () => {
  const { trials, stopReason } = await simulate({ msPerTrial: 10, config: { maxTimeMs: 200 } });
  expect(stopReason).toBe('max-time');
  expect(trials.length * 10).toBeLessThanOrEqual(200);
});

test('a failing cell does not stop the others; a subject that only fails is given up after two blocks', async () => {
  const failure: TrialOutcome = { status: 'failed', step: 'start', error: { code: 'x', message: 'x' } };
  const one = await simulate({ outcome: (cell) => (cell.runtime === 'runsc' ? failure : { status: 'ok' }) });
  expect(one.blocks).toHaveLength(6);
  const all = await simulate({
    outcome: (cell) => (cell.workload === 'io/fio' ? failure : { status: 'ok' }),
  });
  const fioBlocks = new Set(all.trials.filter((t) => t.cell.workload === 'io/fio').map((t) => t.block));
  expect(fioBlocks.size).toBe(2);
});

test('a cell that keeps failing is given up and the others of its subject go on, paired as before', async () => {
  const failure: TrialOutcome = { status: 'timed-out', step: 'start', limitMs: 1 };
  const bad = (cell: Cell) => cell.runtime === 'runsc' && cell.workload === 'io/fio';
  const count = (trials: readonly TrialRecord[], runtime: string) =>
    trials.filter((t) => t.cell.workload === 'io/fio' && t.cell.runtime === runtime).length;
  const always = await simulate({ outcome: (cell) => (bad(cell) ? failure : { status: 'ok' }) });
  expect(count(always.trials, 'runsc')).toBe(3);
  expect(count(always.trials, 'crun')).toBe(6);
  // Two failures in a row and then a good trial: it only limps.
  const limping = await simulate({
    outcome: (cell, block) => (bad(cell) && block % 3 !== 2 ? failure : { status: 'ok' }),
  });
  expect(count(limping.trials, 'runsc')).toBe(6);
});

test('a cell that says that it cannot is not asked again', async () => {
  const { trials } = await simulate({
    outcome: (cell) =>
      cell.runtime === 'runsc' ? { status: 'unsupported', reason: 'no io_uring here' } : { status: 'ok' },
  });
  for (const workload of ['io/fio', 'startup/echo'])
    expect(trials.filter((t) => t.cell.workload === workload && t.cell.runtime === 'runsc')).toHaveLength(1);
});

test('a workload takes no more blocks than it has news for', async () => {
  const { trials, stopReason } = await simulate({
    maxBlocks: ({ workload }) => (workload === 'io/fio' ? 1 : 99),
  });
  const blocksOf = (workload: string) =>
    new Set(trials.filter((t) => t.cell.workload === workload).map((t) => t.block)).size;
  expect(blocksOf('io/fio')).toBe(2);
  expect(blocksOf('startup/echo')).toBe(6);
  expect(stopReason).toBe('max-blocks');
});

test.each([
  ['interrupted', 'interruptAfter'],
  ['engine-lost', 'engineLostAfter'],
] as const)(
  'a run that ends %s goes on where it was: same schedule, nothing twice, only the trial in flight again',
  async (reason, option) => {
    const whole = await simulate();
    for (const after of [1, 7, 15, 36]) {
      const first = await simulate({ [option]: after });
      expect(first.stopReason).toBe(reason);
      expect(first.trials.at(-1)?.outcome).toMatchObject({ status: 'interrupted' });
      const second = await simulate({ before: { blocks: first.blocks, trials: first.trials } });
      expect(second.blocks).toEqual(whole.blocks);
      const final = second.trials.filter((trial) => trial.outcome.status === 'ok');
      expect(final.map((trial) => trial.trialId)).toEqual(whole.trials.map((trial) => trial.trialId));
      const again = second.trials.filter((trial) => trial.attempt > 1);
      expect(again).toHaveLength(1);
    }
  },
);

test('a runtime that times out in everything is given up within the block, and costs the others nothing', async () => {
  const many: Cell[] = Array.from({ length: 8 }, (_, i) => `app/w${i}`).flatMap((workload) =>
    ['runc', 'crun', 'runsc'].map((runtime) => ({ ...cells[0], runtime, workload }) as Cell),
  );
  const { trials } = await simulate({
    cells: many,
    outcome: ({ runtime }) =>
      runtime === 'runsc' ? { status: 'timed-out', step: 'start', limitMs: 30_000 } : { status: 'ok' },
  });
  const count = (runtime: string) => trials.filter(({ cell }) => cell.runtime === runtime).length;
  expect(count('runsc')).toBe(5);
  expect([count('runc'), count('crun')]).toEqual([6 * 8, 6 * 8]);
});

test('a trial that was interrupted, but not by the user, is retried at once, a limited number of times', async () => {
  const interrupted: TrialOutcome = { status: 'interrupted', reason: 'ocibench was stopped' };
  const paused = await simulate({
    outcome: ({ runtime }, block, attempt) =>
      runtime === 'crun' && block === 1 && attempt < 3 ? interrupted : { status: 'ok' },
  });
  const tries = paused.trials.filter(({ cell, block }) => cell.runtime === 'crun' && block === 1);
  const byCell = [...Map.groupBy(tries, ({ trialId }) => trialId).values()];
  expect(byCell.length).toBeGreaterThan(0);
  for (const own of byCell)
    expect(own.map(({ attempt, outcome }) => [attempt, outcome.status])).toEqual([
      [1, 'interrupted'],
      [2, 'interrupted'],
      [3, 'ok'],
    ]);
  expect(paused.stopReason).toBe('max-blocks');

  const always = await simulate({
    outcome: (_, block) => (block === 1 ? interrupted : { status: 'ok' }),
    config: { maxBlocks: 2 },
  });
  expect(always.stopReason).toBe('max-blocks');
  const first = always.trials.filter(({ block }) => block === 1);
  expect(new Set(first.map(({ attempt }) => attempt))).toEqual(new Set([1, 2, 3, 4, 5]));
});

test('the A/A control needs no warm-up of its own, but in duets', async () => {
  const arms = ['runc', 'runc#2', 'crun', 'runc#crun'].map((runtime) => ({ ...cells[0], runtime }) as Cell);
  const warmedUp = async (options: Parameters<typeof simulate>[0]) =>
    (await simulate({ cells: arms, ...options })).blocks[0]?.trials
      .map(({ cell }) => cell.runtime)
      .toSorted();
  expect(await warmedUp({})).not.toContain('runc#2');
  expect(await warmedUp({ halves: ['0', '1'] })).toEqual(arms.map(({ runtime }) => runtime).toSorted());
});

test.each([
  ['in the warm-up block', 40, 10],
  ['in a measured block whose trials take longer than those before', 140, 30],
  ['before the first trial', 1, 10],
])(
  'the time limit counts from the first trial and holds %s to within one trial',
  async (_, maxTimeMs, slowMs) => {
    const { trials, stopReason } = await simulate({
      preparedInMs: 5,
      msPerTrial: 10,
      msPerMeasuredTrial: slowMs,
      config: { maxTimeMs },
    });
    expect(stopReason).toBe('max-time');
    const took = trials.reduce((sum, { phase }) => sum + (phase === 'warmup' ? 10 : slowMs), 0);
    expect(took).toBeGreaterThanOrEqual(maxTimeMs);
    expect(took - maxTimeMs).toBeLessThan(slowMs);
  },
);

test('a subject that times out three times and works nowhere is given up under every runtime', async () => {
  const timedOut: TrialOutcome = { status: 'timed-out', step: 'peer', limitMs: 30_000 };
  const hangs = await simulate({
    outcome: ({ workload }) => (workload === 'io/fio' ? timedOut : { status: 'ok' }),
  });
  const of = (trials: readonly TrialRecord[], workload: string) =>
    trials.filter(({ cell }) => cell.workload === workload).length;
  expect(of(hangs.trials, 'io/fio')).toBe(3);
  expect(of(hangs.trials, 'startup/echo')).toBe(18);
  const works = await simulate({
    outcome: ({ workload, runtime }) =>
      workload === 'io/fio' && runtime !== 'runc' ? timedOut : { status: 'ok' },
  });
  expect(
    works.trials.filter(({ cell }) => cell.workload === 'io/fio' && cell.runtime === 'runc'),
  ).not.toHaveLength(0);
  expect(of(works.trials, 'io/fio')).toBeGreaterThan(3);
});

test('an extension has limits of its own, a warm-up block, and forgets who failed before', async () => {
  const failure: TrialOutcome = { status: 'failed', step: 'start', error: { code: 'x', message: 'x' } };
  const first = await simulate({
    outcome: ({ runtime }) => (runtime === 'crun' ? failure : { status: 'ok' }),
    msPerTrial: 10,
  });
  const fromBlock = first.blocks.length;
  const chosen = cells.filter(({ workload, runtime }) => workload === 'io/fio' && runtime !== 'runsc');
  const part = { cells: chosen, fromBlock, config: { maxTimeMs: 100 }, msPerTrial: 10 };
  const { blocks, trials, stopReason } = await simulate({ ...part, before: first });
  const added = blocks.slice(fromBlock);
  expect(added.map(({ block, phase }) => [block, phase])).toEqual(
    Array.from({ length: 5 }, (_, i) => [fromBlock + i, i === 0 ? 'warmup' : 'measure']),
  );
  for (const block of added) expect(new Set(block.trials.map(({ cell }) => cell))).toEqual(new Set(chosen));
  expect(trials.length - first.trials.length).toBe(10);
  expect(stopReason).toBe('max-time');
  // Cut off, it goes on in the same blocks.
  const cut = await simulate({ ...part, before: first, interruptAfter: 4 });
  const rest = await simulate({ ...part, before: { blocks: cut.blocks, trials: cut.trials } });
  expect(rest.blocks.slice(0, blocks.length)).toEqual(blocks);
});

describe('duets', () => {
  const arms: Cell[] = ['runc', 'runc#2', 'crun', 'runc#crun', 'runsc', 'runc#runsc'].map((runtime) => ({
    ...(cells[0] as Cell),
    runtime,
  }));
  const duets = { cells: arms, halves: ['0', '1'] } as const;
  const count = (trials: readonly TrialRecord[], runtime: string) =>
    trials.filter(({ cell }) => cell.runtime === runtime).length;

  test('go on as a whole, and the baseline’s own leaves its time to those that are open', async () => {
    const { trials, blocks } = await simulate({
      ...duets,
      width: (cell) => (cell.startsWith('crun') ? 2 : 0.5),
    });
    // A warm-up and five blocks for what is open, three where nothing is.
    expect(arms.map(({ runtime }) => [runtime, count(trials, runtime)])).toEqual([
      ['runc', 4],
      ['runc#2', 4],
      ['crun', 6],
      ['runc#crun', 6],
      ['runsc', 4],
      ['runc#runsc', 4],
    ]);
    for (const { trials: scheduled } of blocks)
      for (const { duet, trialId } of scheduled)
        expect(scheduled.find((other) => other.trialId === duet?.partner)?.duet?.partner).toBe(trialId);
    const sides = blocks.map((block) => block.trials.find(({ cell }) => cell.runtime === 'crun')?.duet?.side);
    expect(sides).toEqual(sides.map((_, at) => ((sides[0] ?? 9) + at) % 2));
  });

  test.each(['crun', 'runc#crun'])('are given up as a whole where %s fails', async (failing) => {
    const { trials, stopReason } = await simulate({
      ...duets,
      width: () => 2,
      outcome: ({ runtime }) =>
        runtime === failing
          ? { status: 'failed', step: 'start', error: { code: 'x', message: 'x' } }
          : { status: 'ok' },
    });
    expect([count(trials, 'crun'), count(trials, 'runc#crun')]).toEqual([3, 3]);
    expect([count(trials, 'runsc'), count(trials, 'runc#runsc')]).toEqual([6, 6]);
    expect(stopReason).toBe('max-blocks');
  });

  test('are interrupted as a whole, with the reason, and have a value as a whole', async () => {
    const { trials } = await simulate({
      ...duets,
      outcome: ({ runtime }, block, attempt) =>
        runtime === 'crun' && block === 1 && attempt === 1
          ? { status: 'interrupted', reason: 'ocibench was stopped' }
          : { status: 'ok' },
    });
    const own = trials.filter(
      ({ cell, block }) => block === 1 && ['crun', 'runc#crun'].includes(cell.runtime),
    );
    const told = own.map(({ cell, attempt, outcome }) => [
      cell.runtime,
      attempt,
      outcome.status === 'interrupted' ? outcome.reason : outcome.status,
    ]);
    expect(told.toSorted()).toEqual(
      [
        ['crun', 1, 'ocibench was stopped'],
        ['crun', 2, 'ok'],
        ['runc#crun', 1, 'the other trial of its duet was interrupted: ocibench was stopped'],
        ['runc#crun', 2, 'ok'],
      ].toSorted(),
    );
  });

  test('of a resumed run cost the time of one trial, not of two', async () => {
    const first = await simulate({ ...duets, interruptAfter: 13 });
    const marked = first.trials.map((trial) => ({
      ...trial,
      marks: [{ name: 'remove-end', atNs: 1e9 }],
    }));
    const before = { blocks: first.blocks, trials: marked };
    // 14 trials of a second each, two at a time, have spent seven seconds of these ten.
    expect(marked).toHaveLength(14);
    const again = { ...duets, before, width: () => 2 };
    const { trials } = await simulate({ ...again, config: { maxTimeMs: 10_000 } });
    expect(trials.length).toBeGreaterThan(marked.length);
    const spent = await simulate({ ...again, config: { maxTimeMs: 7_000 } });
    expect(spent.trials).toHaveLength(marked.length);
  });
});
