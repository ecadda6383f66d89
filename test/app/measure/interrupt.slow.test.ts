import { describe, expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { expectWhole, interruptedTrials } from './support.ts';

const asked = 'interrupted: ending the trial in flight and cleaning up\n';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'one %s ends the trial in flight, saves the run and reports what there is; it goes on by its schedule',
  async (name) => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p001', () => world.signal(name));
    const { exitCode, stdout, stderr } = await world.run(2);
    expect(exitCode).toBe(130);
    const before = await world.stored();
    expect(before.run).toMatchObject({ status: 'interrupted', stopReason: 'interrupted' });
    expect(before.trials).toHaveLength(4);
    expect(interruptedTrials(before)).toEqual(['b001p001 interrupted']);
    expect(stderr.split(asked)).toHaveLength(2);
    expect(stderr).toContain(`continue with:  ocibench run --resume ${before.run.runId}`);
    expect(stdout).toContain('report.html');
    expect(world.daemon.containers.size).toBe(0);

    const resumed = await world.resume(before.run.runId);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const after = await world.stored();
    expectWhole(after, 2);
    expect(after.trials.slice(0, 4)).toEqual(before.trials);
  },
);

test('the same Ctrl-C, handed on by npm, is not a second one', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => {
    world.signal('SIGINT');
    world.clock.advance(100);
    world.signal('SIGINT');
  });
  expect((await world.run(2)).exitCode).toBe(130);
  expect((await world.stored()).run.status).toBe('interrupted');
});

test('a second one ends the process at once; what was recorded is whole, and the run goes on', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => {
    world.signal('SIGINT');
    world.clock.advance(1_000);
    world.signal('SIGINT');
  });
  const { stderr } = await world.run(2);
  expect(stderr).toContain('stopping now; the next start removes what is left');
  const before = await world.stored();
  expect(before.run).toMatchObject({ status: 'running', finishedAt: null });
  expect(before.trials).toHaveLength(3);
  expect(interruptedTrials(before)).toEqual([]);
  const resumed = await world.resume('latest');
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expectWhole(await world.stored(), 2);
});

describe('before anything is measured', () => {
  test.each(['preflight0', 'preflight1'])('in %s: nothing is left', async (trialId) => {
    await using world = await ScriptedWorld.open();
    world.daemon.during(trialId, () => world.signal('SIGINT'));
    const { exitCode, stdout, stderr } = await world.run(2);
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toContain(`${asked}interrupted before anything was measured\n`);
    await expect(world.stored()).rejects.toThrow('there is no run');
    expect(world.daemon.containers.size).toBe(0);
  });

  test('in a resumed run: it can still be gone on with', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p001', () => world.signal('SIGINT'));
    await world.run(2);
    const before = await world.stored();
    world.daemon.during('preflight0', () => world.signal('SIGINT'));
    const again = await world.resume('latest');
    expect(again.exitCode).toBe(130);
    expect(again.stderr).toContain(`continue with:  ocibench run --resume ${before.run.runId}`);
    expect(await world.stored()).toEqual(before);
    expect((await world.resume('latest')).exitCode).toBe(0);
    expectWhole(await world.stored(), 2);
  });
});

test('while the daemon is away: the run ends, and can be gone on with', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => {
    world.daemon.goDown();
    world.clock.after(5_000, () => world.signal('SIGINT'));
  });
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode).toBe(130);
  expect(world.clock.now()).toBe(5_000);
  expect(stderr).toContain(asked);
  expect(stderr).not.toContain('no Docker daemon answers');
  const { run } = await world.stored();
  expect(run.status).toBe('interrupted');
  expect(stderr).toContain(`continue with:  ocibench run --resume ${run.runId}`);
});

test('while the reports are written: they are finished', async () => {
  await using world = await ScriptedWorld.open();
  let said = false;
  world.onWrite = ({ what }) => {
    if (what === 'writeTogether' && !said) {
      said = true;
      world.signal('SIGINT');
    }
  };
  const { exitCode, stdout } = await world.run(2);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('report.html');
  expectWhole(await world.stored(), 2);
});
