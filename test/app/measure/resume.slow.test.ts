import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { expectWhole, interruptedTrials, outcomes } from './support.ts';

describe('a run that was cut off by a crash', () => {
  test.each(['b000p000', 'b000p001', 'b001p000', 'b002p001', 'b002p002'])(
    'in the trial %s goes on by its schedule, and loses nothing that was recorded',
    async (trialId) => {
      await using world = await ScriptedWorld.open();
      world.daemon.during(trialId, () => world.crash());
      await world.run(2);
      const before = await world.stored();
      expect(before.run).toMatchObject({ status: 'running', stopReason: null, finishedAt: null });
      expect(outcomes(before).filter((line) => !line.endsWith(' ok'))).toEqual([]);
      expect(world.daemon.containers.size).toBe(1);

      const { exitCode, stderr } = await world.resume('latest');
      expect(exitCode, stderr).toBe(0);
      const after = await world.stored();
      expectWhole(after, 2);
      expect(after.trials.slice(0, before.trials.length)).toEqual(before.trials);
      expect(after.blocks.slice(0, before.blocks.length)).toEqual(before.blocks);
      expect(before.run.resumed).toBeUndefined();
      expect(after.run).toMatchObject({
        runId: before.run.runId,
        startedAt: before.run.startedAt,
        resumed: 1,
      });
      expect(interruptedTrials(after)).toEqual([]);
      expect(world.daemon.containers.size).toBe(0);
    },
  );

  test('may have been cut off again and again', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b000p001', () => world.crash());
    await world.run(2);
    for (const id of ['preflight0', 'b000p001', 'b001p002', 'b001p002', 'b002p002']) {
      world.daemon.during(id, () => world.crash());
      await world.resume('latest');
      expect((await world.stored()).run.status).toBe('running');
    }
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode, stderr).toBe(0);
    expectWhole(await world.stored(), 2);
    // One of the six ended before the run went on.
    expect((await world.stored()).run.resumed).toBe(5);
  });

  test('is named by the next start, with the command that goes on with it', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => world.crash());
    await world.run(2);
    const { run } = await world.stored();
    world.clock.advance(60_000);
    const { exitCode, stderr } = await world.run(1);
    expect(exitCode, stderr).toBe(0);
    const command = `ocibench run --resume ${run.runId} --set daemonJson=${join(world.path, 'daemon.json')}`;
    expect(stderr).toContain(`run ${run.runId} was cut off; to continue it:  ${command}\n`);
    expect((await world.stored()).run.runId).not.toBe(run.runId);
  });

  test('may end in the midst of a line, which is set aside', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => world.crash());
    await world.run(2);
    const before = await world.stored();
    const file = join(before.path, 'trials.jsonl');
    await appendFile(file, '{"trialId":"b001p000","cell":{"runt');
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(
      `${file}: a crash cut off its end; 35 bytes are kept in ${join(before.path, 'trials.jsonl.torn')}\n`,
    );
    expectWhole(await world.stored(), 2);
  });

  test('before anything was measured is none', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('preflight0', () => world.crash());
    await world.run(2);
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("no run 'latest'\n");
    expect(stderr).toContain('fix: measure first:  ocibench run');
  });
});

test('a run that is complete is not resumed; reports that a crash has cut off are written by `report`', async () => {
  await using world = await ScriptedWorld.open();
  world.onWrite = ({ what }) => {
    if (what === 'writeTogether') world.crash();
  };
  await world.run(2);
  world.onWrite = () => undefined;
  const { run, path } = await world.stored();
  expect(await readdir(path)).not.toContain('report.html');
  const { exitCode, stderr } = await world.resume('latest');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    `run ${run.runId} is complete: there is nothing to continue\n--resume: ${run.runId}: it ended by itself\n  fix: to write its reports again:  ocibench report ${run.runId}\n`,
  );
  expect((await world.command(['report', run.runId])).exitCode).toBe(0);
  expect(await readdir(path)).toContain('report.html');
});

describe('what has changed since', () => {
  /** A run that was cut off in its second block. */
  async function cutOff(): Promise<ScriptedWorld> {
    const world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => world.crash());
    await world.run(2);
    return world;
  }

  test('of a runtime’s program ends it at once, with what is different', async () => {
    await using world = await cutOff();
    await writeFile(join(world.path, 'crun'), '#!/bin/sh\necho crun version 2.0\n');
    const calls = world.daemon.calls.length;
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /daemon\.json: runtimes\.crun\.sha256: was [0-9a-f]{64} and is now [0-9a-f]{64}\n/,
    );
    // Nothing of it was started.
    expect(world.daemon.calls.slice(calls)).toEqual(
      world.daemon.calls.slice(calls).filter((call) => call.startsWith('force-remove ')),
    );
  });

  test('of the daemon, too', async () => {
    await using world = await cutOff();
    world.daemon.version = '27.0.0';
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('engine.version: was 26.1.5 and is now 27.0.0\n  fix: start a new run');
    expect((await world.stored()).run.status).toBe('running');
  });

  test('of whether a runtime can run, too', async () => {
    await using world = await cutOff();
    world.daemon.startErrors.set('crun', 'OCI runtime create failed: boom');
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('runtimes.crun: was available and is now unavailable');
  });
});
