import { describe, expect, test } from 'vitest';
import { scheduleBlock } from '../../../src/core/measure/schedule/block.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { interruptedTrials } from './support.ts';

const cell = 'crun|default|docker|startup/echo|';

/** Where a run has a cell among those of its subject. */
const order = ({ runtime }: { readonly runtime: string }) => ['runc', 'runc#2', 'crun'].indexOf(runtime);

/** A finished run of two blocks, in which crun starts so much slower that more blocks make it clear. */
async function finished(): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  world.daemon.startDelays.set('runc', 2);
  world.daemon.startDelays.set('crun', 80);
  const { exitCode, stderr } = await world.run(2, '--set', 'report=false');
  expect(exitCode, stderr).toBe(0);
  return world;
}

const extend = (world: ScriptedWorld, until = 'startup/echo:crun', ...more: readonly string[]) =>
  world.resume('latest', '--until', until, '--set', 'report=false', ...more);

/** The extension's warm-up block and the least number of measured ones, each with all three arms; on a busy host some more. */
async function expectExtended(world: ScriptedWorld): Promise<void> {
  const { run, blocks, trials } = await world.stored();
  expect(run).toMatchObject({ status: 'complete', stopReason: 'decided' });
  expect(run.extensions).toMatchObject([{ fromBlock: 3, cells: [cell], maxTimeMs: 130_000 }]);
  expect(blocks.slice(0, 10).map(({ phase }) => phase)).toEqual([
    'warmup',
    'measure',
    'measure',
    'warmup',
    'measure',
    'measure',
    'measure',
    'measure',
    'measure',
    'measure',
  ]);
  for (const { phase, trials: scheduled } of blocks.slice(0, 10))
    expect(scheduled.map((trial) => trial.cell.runtime).toSorted()).toEqual(
      phase === 'warmup' ? ['crun', 'runc'] : ['crun', 'runc', 'runc#2'],
    );
  const ok = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ trialId }) => trialId);
  expect(ok.toSorted()).toEqual(
    blocks.flatMap((block) => block.trials.map(({ trialId }) => trialId)).toSorted(),
  );
}

test.each(['startup/echo:crun', 'startup:crun', 'startup/echo:crun,startup:crun'])(
  'a finished run goes on with %s until it is decided, and is complete again',
  async (until) => {
    await using world = await finished();
    const before = await world.stored();
    world.clock.advance(3_600_000);
    const { exitCode, stderr } = await extend(world, until);
    expect(exitCode, stderr).toBe(0);
    await expectExtended(world);
    const { run, blocks, trials } = await world.stored();
    expect(blocks.slice(0, 3)).toEqual(before.blocks);
    expect(trials.slice(0, before.trials.length)).toEqual(before.trials);
    expect(run).toMatchObject({ runId: before.run.runId, startedAt: before.run.startedAt });
    expect(run.extensions?.[0]?.startedAt).toBe('2026-01-01T01:00:00.000Z');
    expect(run.config).toEqual(before.run.config);
  },
);

test('again and again, each time from where it was', async () => {
  await using world = await finished();
  await extend(world);
  const { exitCode, stderr } = await extend(world, 'startup:crun', '--max-time', '7m');
  expect(exitCode, stderr).toBe(0);
  const { run, blocks } = await world.stored();
  const [first, second] = run.extensions ?? [];
  expect([first?.fromBlock, first?.maxTimeMs, second?.maxTimeMs]).toEqual([3, 130_000, 420_000]);
  expect(blocks.map(({ block }) => block)).toEqual(blocks.map((_, index) => index));
  const from = second?.fromBlock ?? 0;
  expect(from).toBeGreaterThanOrEqual(10);
  expect(blocks.length - from).toBeGreaterThanOrEqual(7);
  expect(blocks[from]?.phase).toBe('warmup');
});

test('with as many blocks as are asked for, whatever they say', async () => {
  await using world = await finished();
  const { exitCode, stderr } = await extend(world, 'startup/echo:crun', '--blocks', '8..8');
  expect(exitCode, stderr).toBe(0);
  const { run, blocks } = await world.stored();
  expect(run).toMatchObject({ status: 'complete', extensions: [{ blocks: { min: 8, max: 8 } }] });
  expect(blocks.slice(3).map(({ phase }) => phase)).toEqual(['warmup', ...Array(8).fill('measure')]);
});

test('until the time limit, which is its own', async () => {
  await using world = await finished();
  world.daemon.during('b004p001', () => world.clock.advance(61_000));
  const { exitCode, stderr } = await extend(world, 'startup/echo:crun', '--max-time', '1m');
  expect(exitCode, stderr).toBe(0);
  const { run, trials } = await world.stored();
  expect(run).toMatchObject({ status: 'complete', stopReason: 'max-time' });
  expect(trials.at(-1)?.trialId).toBe('b004p001');
});

describe('cut off in an extension', () => {
  test.each(['b003p000', 'b003p001', 'b004p000', 'b009p001'])(
    'by a crash in %s, it goes on with the same cells, by its schedule',
    async (trialId) => {
      await using world = await finished();
      world.daemon.during(trialId, () => world.crash());
      await extend(world);
      const cut = await world.stored();
      expect(cut.run).toMatchObject({ status: 'running', stopReason: null, extensions: [{ cells: [cell] }] });
      const { exitCode, stderr } = await world.resume('latest', '--set', 'report=false');
      expect(exitCode, stderr).toBe(0);
      await expectExtended(world);
      const { run, blocks, trials } = await world.stored();
      expect(blocks.slice(0, cut.blocks.length)).toEqual(cut.blocks);
      // The order of a block is drawn from the seed and its number, whoever asks.
      const [{ trials: scheduled } = { trials: [] }] = blocks.slice(9);
      const inOrder = [...scheduled.map((trial) => trial.cell)].toSorted((a, b) => order(a) - order(b));
      expect(scheduleBlock({ seed: run.seed, block: 9, phase: 'measure', cells: inOrder })).toEqual(
        blocks[9],
      );
      expect(trials.slice(0, cut.trials.length)).toEqual(cut.trials);
    },
  );

  test('by its user, it says how to go on, and does', async () => {
    await using world = await finished();
    world.daemon.during('b005p001', () => world.signal('SIGINT'));
    const { exitCode, stderr } = await extend(world);
    expect(exitCode).toBe(130);
    const { run } = await world.stored();
    expect(run).toMatchObject({ status: 'interrupted', extensions: [{ fromBlock: 3 }] });
    expect(stderr).toContain(`continue with:  ocibench run --resume ${run.runId} --set daemonJson=`);
    expect((await world.resume(run.runId, '--set', 'report=false')).exitCode).toBe(0);
    expect(interruptedTrials(await world.stored())).toEqual(['b005p001 interrupted']);
    await expectExtended(world);
  });

  test('before its first block, the run is as it was, and the same command begins anew', async () => {
    await using world = await finished();
    const before = await world.stored();
    world.daemon.during('preflight0', () => world.signal('SIGINT'));
    const { exitCode, stderr } = await extend(world);
    expect(exitCode).toBe(130);
    expect(await world.stored()).toEqual(before);
    expect(stderr).toContain(
      `continue with:  ocibench run --resume ${before.run.runId} --until startup/echo:crun `,
    );
    expect((await extend(world)).exitCode).toBe(0);
    await expectExtended(world);
  });

  test('by the loss of the engine before its first block, the extension is not forgotten', async () => {
    await using world = await finished();
    world.daemon.during('preflight0', () => world.daemon.restart());
    const { exitCode, stderr } = await extend(world);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('the engine was lost');
    await expectExtended(world);
  });
});

describe('what cannot be extended', () => {
  test('a run that was cut off is finished first', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => world.crash());
    await world.run(2);
    const before = await world.stored();
    const { runId } = before.run;
    const { exitCode, stderr } = await extend(world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `run ${runId} is not finished, and only a finished run can continue with chosen comparisons\n--resume: ${runId}: it is running\n  fix: finish it first:  ocibench run --resume ${runId} --set daemonJson=`,
    );
    expect(await world.stored()).toEqual(before);
  });

  test('nothing that was not compared: every such name is said, with what there is', async () => {
    await using world = await finished();
    const before = await world.stored();
    const { exitCode, stderr } = await extend(
      world,
      'startup/echo:runsc,io:crun,startup:crun,startup/echo:runc',
    );
    expect(exitCode).toBe(2);
    const { runId } = before.run;
    expect(stderr).toContain(`run ${runId} cannot continue with everything that --until names\n`);
    const problem = 'was not compared with the baseline in this run';
    expect(stderr).toContain(
      `--until: startup/echo:runsc, startup/echo:runc: ${problem}\n  fix: choose from: startup/echo:crun\n`,
    );
    expect(stderr).toContain(`--until: io:crun: ${problem}\n  fix: choose from: startup:crun\n`);
    expect(stderr).not.toContain('--until: startup:crun');
    expect(await world.stored()).toEqual(before);
    expect((await extend(world, ' , ')).exitCode).toBe(2);
  });

  test('no run at all', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await world.run(2, '--until', 'startup:crun');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fix: name the run:  ocibench run --resume RUN --until CELL');
    await expect(world.stored()).rejects.toThrow('there is no run');
  });
});
