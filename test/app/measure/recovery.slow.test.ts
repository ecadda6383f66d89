import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/app/measure/engines.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { expectWhole, interruptedTrials } from './support.ts';

const restarted = 'it ended, or was restarted';

test('a daemon that is restarted in mid-run costs the trial in flight, which is tried again', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => world.daemon.restart());
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode, stderr).toBe(0);
  const stored = await world.stored();
  expectWhole(stored, 2);
  expect(interruptedTrials(stored)).toEqual([`b001p001 interrupted: ${restarted}`]);
  expect(stderr).toContain(
    `the engine was lost: ${restarted}; opening a new one, and continuing with the interrupted trial\n`,
  );
  // It had survived the restart.
  expect(stderr).toMatch(new RegExp(`removed .*: container [0-9a-f]{12} of run ${stored.run.runId}\n`));
  expect(world.daemon.containers.size).toBe(0);
});

test('one that is lost three times is opened three times', async () => {
  await using world = await ScriptedWorld.open();
  for (const id of ['b000p000', 'b000p001', 'b002p002'])
    world.daemon.during(id, () => world.daemon.restart());
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode, stderr).toBe(0);
  const stored = await world.stored();
  expectWhole(stored, 2);
  expect(interruptedTrials(stored)).toHaveLength(3);
  expect(stderr.match(/the engine was lost: /g)).toHaveLength(3);
});

test('the fourth loss ends the run with its state saved; it goes on where it was', async () => {
  await using world = await ScriptedWorld.open();
  for (let time = 0; time < 4; time++) world.daemon.during('b001p001', () => world.daemon.restart());
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode).toBe(3);
  const { run, ...stored } = await world.stored();
  expect(run).toMatchObject({ status: 'interrupted', stopReason: 'engine-lost' });
  expect(interruptedTrials({ run, ...stored })).toEqual(Array(4).fill(`b001p001 interrupted: ${restarted}`));
  expect(stderr).toContain(
    `the engine was lost 4 times, the last time: ${restarted}; what was measured is saved\n`,
  );
  expect(stderr).toContain(`continue with:  ocibench run --resume ${run.runId} --set daemonJson=`);
  const resumed = await world.resume(run.runId);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expectWhole(await world.stored(), 2);
});

test('a daemon that comes back within a minute is waited for', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p000', () => {
    world.daemon.goDown();
    world.clock.after(50_000, () => {
      world.daemon.isUp = true;
    });
  });
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode, stderr).toBe(0);
  expectWhole(await world.stored(), 2);
  expect(world.clock.now()).toBe(50_000);
});

test('one that stays away for more than a minute ends the run with its state saved; it goes on where it was', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p000', () => world.daemon.goDown());
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode).toBe(3);
  expect(world.clock.now()).toBeGreaterThan(60_000);
  const { run } = await world.stored();
  expect(run).toMatchObject({ status: 'interrupted', stopReason: 'engine-lost' });
  expect(stderr).toContain('no Docker daemon answers\n');
  expect(stderr).toContain(`continue with:  ocibench run --resume ${run.runId}`);
  world.daemon.isUp = true;
  const resumed = await world.resume(run.runId);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expectWhole(await world.stored(), 2);
});

test('an embedded engine is opened anew at once, or not at all', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p000', () => world.daemon.restart());
  world.daemon.during('b002p000', () => world.daemon.goDown());
  const { exitCode } = await world.run(2, '--engine', 'embedded');
  expect(exitCode).toBe(3);
  expect(world.clock.now()).toBe(0);
  const stored = await world.stored();
  expect(stored.run).toMatchObject({ status: 'interrupted', stopReason: 'engine-lost' });
  expect(interruptedTrials(stored)).toHaveLength(2);
});

describe('before anything was measured', () => {
  test('an engine that is lost is opened again', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('preflight1', () => world.daemon.restart());
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode, stderr).toBe(0);
    const stored = await world.stored();
    expectWhole(stored, 2);
    expect(stored.run.runtimes.map(({ preflight }) => preflight.status)).toEqual(['available', 'available']);
    expect(interruptedTrials(stored)).toEqual([]);
  });

  test('one that stays away ends the command, and nothing is left', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('preflight1', () => world.daemon.goDown());
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('no Docker daemon answers\n');
    expect(stderr).toContain('interrupted before anything was measured\n');
    await expect(world.stored()).rejects.toThrow('there is no run');
  });

  test('one that never answered is an error', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.isUp = false;
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode).toBe(3);
    expect(stderr).toBe('ocibench: no Docker daemon answers\n');
    // Nobody waits for what was never there.
    expect(world.clock.now()).toBe(0);
  });
});

test('one that is lost again while runtimes are tried anew goes on all the same', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => {
    world.daemon.restart();
    world.daemon.during('preflight0', () => world.daemon.restart());
  });
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode, stderr).toBe(0);
  const stored = await world.stored();
  expectWhole(stored, 2);
  expect(interruptedTrials(stored)).toEqual([`b001p001 interrupted: ${restarted}`]);
});

test('a daemon that comes back as another version ends the run: what it would measure is not the same', async () => {
  await using world = await ScriptedWorld.open();
  world.daemon.during('b001p001', () => {
    world.daemon.version = '27.0.0';
    world.daemon.restart();
  });
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode).toBe(2);
  const { run } = await world.stored();
  expect(run).toMatchObject({ status: 'interrupted', stopReason: 'engine-lost' });
  expect(stderr).toContain(`run ${run.runId}: engine.version: was 26.1.5 and is now 27.0.0\n  fix: `);
});

test.each([
  [
    'a connection that breaks',
    new EngineError('read ECONNRESET', null, undefined, true),
    'start: read ECONNRESET',
  ],
  [
    'a disk that is full under the daemon',
    new EngineError('open PLACE/docker/c/hostconfig.json: no space left on device', 500),
    'no space is left in PLACE/docker',
  ],
])('%s is no failure of the runtime', async (_, error, reason) => {
  await using world = await ScriptedWorld.open();
  const inPlace = (text: string) => text.replaceAll('PLACE', world.path);
  world.daemon.during('b001p001', () => {
    throw new EngineError(inPlace(error.message), error.statusCode, undefined, error.connectionLost);
  });
  const { exitCode, stderr } = await world.run(2);
  expect(exitCode, stderr).toBe(0);
  const stored = await world.stored();
  expectWhole(stored, 2);
  expect(interruptedTrials(stored)).toEqual([`b001p001 interrupted: ${inPlace(reason)}`]);
});
