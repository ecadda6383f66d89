import { describe, expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';

/** A container of Kata takes longer than this; the time limits below hold no block of it. */
const slowMs = 2_100;

async function slowWorld(runtimes: readonly string[]): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open(runtimes);
  world.daemon.startDelays.set('kata', slowMs);
  return world;
}

const measured = ({ trials }: Awaited<ReturnType<ScriptedWorld['stored']>>) =>
  new Set(trials.map(({ cell }) => cell.runtime));

describe('a runtime for which there is no time', () => {
  test('is told before the first block, and the others are measured', async () => {
    await using world = await slowWorld(['runc', 'crun', 'kata']);
    const { exitCode, stdout, stderr } = await world.run(1, '--max-time', '4s');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(
      /a container takes \d\.\d s under kata here, .* has room for 0 of the 1 test of kata/,
    );
    const stored = await world.stored();
    expect(measured(stored)).toEqual(new Set(['runc', 'runc#2', 'crun']));
    expect(stored.run.subjects[0]?.unsupported.kata).toContain('a container takes');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('a container takes');
    expect(stdout).not.toContain('Nothing was measured');
  });

  test('does not vanish where it was named: the command ends with 1', async () => {
    await using world = await slowWorld(['runc', 'crun', 'kata']);
    const { exitCode } = await world.run(1, '--max-time', '4s', '--runtimes', 'runc,crun,kata');
    expect(exitCode).toBe(1);
  });
});

test('a run whose trials failed is not told that it lacked time', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b000p000', () => {
    for (const runtime of ['runc', 'crun'])
      world.daemon.startErrors.set(runtime, 'OCI runtime create failed: boom');
  });
  world.daemon.during('b001p000', () => undefined);
  const { stdout } = await world.run(2, '--max-time', '30m');
  expect(stdout).toContain('Nothing was measured.');
  expect(stdout).not.toContain('the time limit');
});

test('a run that time ends before anything has a value says how to get some, and that works', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b000p000', () => world.clock.advance(3_600_000));
  const { exitCode, stdout } = await world.run(6, '--max-time', '30m');
  expect(exitCode).toBe(1);
  const { run } = await world.stored();
  const said = stdout.replaceAll(/\s+/g, ' ');
  expect(said).toContain('Nothing was measured within the time limit of 1800 s.');
  expect(said).toContain('run --max-time 120m');
  expect(said).toContain(`run --resume ${run.runId} --until startup:crun --max-time 120m`);
  expect(said).toContain('no trial was measured (the run stopped at its time limit of 1800 s, --max-time)');
  const more = await world.resume(
    run.runId,
    '--until',
    'startup:crun',
    '--max-time',
    '120m',
    '--blocks',
    '6..6',
  );
  expect(more.exitCode, more.stderr).toBe(0);
  expect(more.stdout).not.toContain('Nothing was measured');
});
