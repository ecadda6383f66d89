import { describe, expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { outcomes } from './support.ts';

const broken = 'OCI runtime create failed: boom';

describe('0', () => {
  test('all was measured', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stdout } = await world.run(2);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('startup/echo');
    expect((await world.stored()).run).toMatchObject({ status: 'complete', stopReason: 'max-blocks' });
  });

  test('the time was up', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b002p000', () => world.clock.advance(3_600_000));
    const { exitCode } = await world.run(9, '--max-time', '30m');
    expect(exitCode).toBe(0);
    const { run, trials } = await world.stored();
    expect(run).toMatchObject({ status: 'complete', stopReason: 'max-time' });
    expect(trials.at(-1)).toMatchObject({ trialId: 'b002p000', outcome: { status: 'ok' } });
  });

  test('a runtime cannot run that was found, and not asked for', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.startErrors.set('crun', broken);
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('crun: unavailable: ');
    const { run, trials } = await world.stored();
    expect(run.runtimes.map(({ preflight }) => preflight.status)).toEqual(['available', 'unavailable']);
    expect(new Set(trials.map(({ cell }) => cell.runtime))).toEqual(new Set(['runc', 'runc#2']));
  });
});

describe('1', () => {
  test('a runtime cannot run that was asked for by its name', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.startErrors.set('crun', broken);
    expect((await world.run(2, '--runtimes', 'runc,crun')).exitCode).toBe(1);
  });

  test('the baseline cannot run', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.startErrors.set('runc', broken);
    expect((await world.run(2)).exitCode).toBe(1);
  });

  test('a workload that was asked for by its name can be measured under no runtime, which is said before', async () => {
    await using world = await ScriptedWorld.open();
    world.isRoot = false;
    const { exitCode, stdout, stderr } = await world.run(2, '--workloads', 'startup/echo,memory/idle');
    expect(exitCode, stderr).toBe(1);
    const reason = 'it measures the memory of root’s processes, which only root can read';
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`memory/idle is not measured: ${reason}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(reason);
    expect(stdout).not.toContain('()');
    const { run, trials } = await world.stored();
    expect(run.status).toBe('complete');
    expect(new Set(trials.map(({ cell }) => cell.workload))).toEqual(new Set(['startup/echo']));
    expect((await world.run(2)).exitCode).toBe(0);
  });

  test('some trials failed', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p000', () => void world.daemon.startErrors.set('crun', broken));
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode, stderr).toBe(1);
    const stored = await world.stored();
    expect(stored.run.status).toBe('complete');
    expect(outcomes(stored).filter((line) => line.endsWith(' failed')).length).toBeGreaterThan(0);
  });
});

describe('2', () => {
  test.each([
    [['--workloads', 'nonsense'], '--workloads: nonsense: is neither a workload nor a category\n  fix: '],
    [
      ['--runtimes', 'runc,nonsense'],
      'daemon.json: runtimes.nonsense: there is no such runtime\n  fix: register it there, or choose from: runc, crun',
    ],
    [['--resume', 'nonsense'], "no run 'nonsense'"],
  ])('what is asked for is not there: %j', async (words, complaint) => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stdout, stderr } = await world.run(2, ...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(complaint);
    await expect(world.stored()).rejects.toThrow('there is no run');
  });
});

describe('4', () => {
  /** Somebody measures here for another three seconds. */
  async function busyWorld(): Promise<ScriptedWorld> {
    const world = await ScriptedWorld.open();
    const { host } = world;
    const by = {
      command: 'ocibench run',
      runId: '20251231-120000-abcd',
      since: '2025-12-31T12:00:00.000Z',
      pid: 4242,
      startTime: '1',
      bootId: 'boot',
      host: 'host',
    };
    const file = '/run/ocibench/lock';
    world.host = {
      ...host,
      lock: async () => ({ kind: 'busy', by, file, verified: true, ended: async () => undefined }),
    };
    world.clock.after(3_000, () => {
      world.host = host;
    });
    return world;
  }
  const owner = 'ocibench run, run 20251231-120000-abcd, pid 4242, since 2025-12-31T12:00:00.000Z';

  test('another measurement is running on this host', async () => {
    await using world = await busyWorld();
    const { exitCode, stderr } = await world.run(2);
    expect(exitCode).toBe(4);
    expect(stderr).toBe(
      `ocibench: another measurement is running on this host: ${owner}\nocibench run: two measurements at once would disturb each other\n  fix: wait for it with --set wait=true, or stop it:  kill -INT 4242\n`,
    );
  });

  test('not with wait=true: it waits for its turn', async () => {
    await using world = await busyWorld();
    const { exitCode, stderr } = await world.run(2, '--set', 'wait=true');
    expect(exitCode).toBe(0);
    expect(stderr.split(`waiting for ${owner} to end (Ctrl-C to give up)\n`)).toHaveLength(2);
    expect(world.clock.now()).toBe(3_000);
    // The id tells when the measurement began.
    expect((await world.stored()).run.runId).toMatch(/^20260101-000003-/);
  });

  test('130 where the user does not want to wait any longer', async () => {
    await using world = await busyWorld();
    world.clock.after(1_000, () => world.signal('SIGINT'));
    const { exitCode, stderr } = await world.run(2, '--set', 'wait=true');
    expect(exitCode).toBe(130);
    expect(stderr).toContain('ocibench: interrupted while waiting: nothing was measured\n');
    await expect(world.stored()).rejects.toThrow('there is no run');
  });
});
