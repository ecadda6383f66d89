import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkManifest } from '../../../../src/core/store/manifest.ts';
import { missingParts } from '../../../../src/features/proof/verify/completeness.ts';
import { ScriptedWorld } from '../../../support/scripted-world.ts';

/** What the newest run lacks: nothing, however it came about. */
async function missingIn(world: ScriptedWorld): Promise<readonly string[]> {
  const stored = await world.stored();
  expect(stored.trials.length).toBeGreaterThan(3);
  return missingParts(stored).map(({ text }) => text);
}

const manifest = async (world: ScriptedWorld) => (await checkManifest((await world.stored()).path)).state;

describe('of a run that was measured, nothing is missing, and its directory is whole', () => {
  test.each([
    ['one after the other', []],
    ['in duets', ['--set', 'duet=true']],
    ['without a report', ['--set', 'report=false']],
  ])('%s', async (_, more) => {
    await using world = await ScriptedWorld.open(['runc', 'crun', 'runsc']);
    const { exitCode, stderr } = await world.run(3, ...more);
    expect(exitCode, stderr).toBe(0);
    expect(await missingIn(world)).toEqual([]);
    expect(await manifest(world)).toBe('whole');
  });

  test.each([[], ['--set', 'duet=true']])('with its engine lost in mid-run %j', async (...more) => {
    await using world = await ScriptedWorld.open();
    for (const id of ['b001p001', 'b002p000']) world.daemon.during(id, () => world.daemon.restart());
    await world.run(2, ...more);
    expect(await missingIn(world)).toEqual([]);
    expect(await manifest(world)).toBe('whole');
  });

  test('of which a runtime was given up', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => void world.daemon.startErrors.set('crun', 'broken'));
    await world.run(5);
    expect((await world.stored()).trials.length).toBeLessThan(6 * 3);
    expect(await missingIn(world)).toEqual([]);
  });

  test('that was extended, twice', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.startDelays.set('runc', 2);
    world.daemon.startDelays.set('crun', 80);
    await world.run(2, '--set', 'report=false');
    for (let time = 0; time < 2; time++)
      await world.resume('latest', '--until', 'startup/echo:crun', '--set', 'report=false');
    expect((await world.stored()).run.extensions).toHaveLength(2);
    expect(await missingIn(world)).toEqual([]);
    expect(await manifest(world)).toBe('whole');
  }, 60_000);
});

test('while a run goes on, and after a crash, it has no manifest; a resumed run loses the one that it had', async () => {
  await using world = await ScriptedWorld.open();
  const present = async () =>
    (await lstat(join((await world.stored()).path, 'MANIFEST.sha256')).catch(() => null)) !== null;
  world.daemon.during('b001p001', () => world.signal('SIGINT'));
  await world.run(2);
  expect(await missingIn(world)).toEqual(['the run is interrupted']);
  expect(await manifest(world)).toBe('whole');

  const seen: boolean[] = [];
  world.daemon.during('b002p001', async () => {
    seen.push(await present());
    world.crash();
  });
  await world.resume('latest');
  expect(seen).toEqual([false]);
  expect(await present()).toBe(false);
  expect(await missingIn(world)).toEqual(['the run is still running, or was killed']);

  await world.resume('latest');
  expect(await missingIn(world)).toEqual([]);
  expect(await manifest(world)).toBe('whole');
});
