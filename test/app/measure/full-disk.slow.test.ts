import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/app/measure/engines.ts';
import { checkManifest } from '../../../src/core/store/manifest.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { noSpace, type Write } from '../../support/watched-store.ts';
import { expectWhole, outcomes } from './support.ts';

/** From so many writes of this kind on, none finds room. */
function fullFrom(world: ScriptedWorld, what: Write['what'], number: number): void {
  let seen = 0;
  let isFull = false;
  world.onWrite = (write) => {
    if (write.what === what) seen++;
    isFull ||= seen === number;
    if (isFull) throw noSpace(write);
  };
}

const room = () => undefined;

describe('a disk that is full under the results ends the run, with the file and what helps', () => {
  test.each([
    ['before anything is written', 'openRun', 1, ''],
    ['with run.json', 'saveRun', 1, 'run.json'],
    ['with the first block', 'appendBlock', 1, 'schedule.jsonl'],
  ] as const)('%s: there is no run to go on with', async (_, what, number, file) => {
    await using world = await ScriptedWorld.open();
    fullFrom(world, what, number);
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`${file}: no space is left on its device \\(ENOSPC\\)\n {2}fix: free some space there`),
    );
    expect(stderr).not.toMatch(/bug in ocibench|\n\s+at /);
  });

  test.each([
    ['with a later block', 'appendBlock', 2, 'schedule.jsonl', 2],
    ['with the first trial', 'appendTrial', 1, 'trials.jsonl', 0],
    ['with a later trial', 'appendTrial', 5, 'trials.jsonl', 4],
    ['at the end', 'saveRun', 2, 'run.json', 8],
  ] as const)(
    '%s: what was recorded is whole, and goes on once there is room',
    async (...[, what, number, file, trials]) => {
      await using world = await ScriptedWorld.open();
      fullFrom(world, what, number);
      const { exitCode, stderr } = await world.run(2);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        `${file}: no space is left on its device (ENOSPC)\n  fix: free some space there`,
      );
      expect(stderr).not.toMatch(/bug in ocibench|\n\s+at /);
      const before = await world.stored();
      expect(stderr).toContain(
        `what was measured until then is in ${before.path}; once the cause is fixed:\n`,
      );
      expect(stderr).toContain(`continue with:  ocibench run --resume ${before.run.runId}`);
      // run.json could not be written any more.
      expect(before.run.status).toBe('running');
      expect(outcomes(before)).toHaveLength(trials);
      world.onWrite = room;
      const resumed = await world.resume(before.run.runId);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      const after = await world.stored();
      expectWhole(after, 2);
      expect(after.trials.slice(0, trials)).toEqual(before.trials);
    },
  );

  test('with one trial alone: the run is recorded as failed, and goes on', async () => {
    await using world = await ScriptedWorld.open();
    world.onWrite = (write) => {
      if (write.what === 'appendTrial') throw noSpace(write);
    };
    const { exitCode } = await world.run(2);
    expect(exitCode).toBe(1);
    const { run, path } = await world.stored();
    expect(run).toMatchObject({ status: 'failed', stopReason: null });
    expect(await checkManifest(path)).toMatchObject({ state: 'whole' });
    world.onWrite = room;
    const resumed = await world.resume('latest');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expectWhole(await world.stored(), 2);
  });
});

test('one that is full under the reports: the measurements are there, and `report` makes up for it', async () => {
  await using world = await ScriptedWorld.open();
  fullFrom(world, 'writeTogether', 3);
  const { exitCode, stderr, stdout } = await world.run(2);
  expect([exitCode, stdout]).toEqual([1, '']);
  const { run, path } = await world.stored();
  expect(stderr).toContain('no space is left on its device (ENOSPC)\n  fix: free some space there');
  expect(stderr).toContain(`what was measured is in ${path}; once the cause is fixed:\n`);
  expect(stderr).toContain(`write its reports with:  ocibench report ${run.runId}\n`);
  expectWhole(await world.stored(), 2);
  expect(await readdir(path)).not.toContain('report.html');
  expect(await readdir(join(world.path, 'results'))).toEqual([run.runId]);

  world.onWrite = room;
  const report = await world.command(['report', run.runId]);
  expect(report.exitCode, report.stderr).toBe(0);
  expect(await readdir(path)).toContain('report.html');
  expect(await readdir(join(world.path, 'results'))).toEqual([run.runId, 'latest']);
});

test('one that is full under the daemon: no image finds room there, with what helps', async () => {
  await using world = await ScriptedWorld.open();
  world.imageError = new EngineError('importing the image base: write /x: no space left on device', 500);
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    'ocibench: the Docker daemon failed: importing the image base: write /x: no space left on device. To fix it:\n  free disk space where the daemon keeps its data',
  );
});
