import { describe, expect, test } from 'vitest';
import { halvesFor } from '../../../src/app/measure/measure-session.ts';
import type { StoredRun } from '../../../src/core/store/run-directory.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { expectWhole, interruptedTrials } from './support.ts';

/** The labels of the trials of each duet of a block, by side. */
function duets({ blocks }: StoredRun, number: number): readonly string[] {
  const trials = blocks.find(({ block }) => block === number)?.trials ?? [];
  return trials
    .filter(({ duet }) => duet?.side === 0)
    .map((first) => {
      const second = trials.find(({ trialId }) => trialId === first.duet?.partner);
      return `${first.cell.runtime} | ${second?.cell.runtime}`;
    })
    .toSorted();
}

test('both trials of a duet run at once, each on its half of the CPUs, and the halves are swapped', async () => {
  await using world = await ScriptedWorld.open();
  const running = new Set<string>();
  const begun = { b001p000: Promise.withResolvers<void>(), b001p001: Promise.withResolvers<void>() };
  const meet = (own: keyof typeof begun, other: keyof typeof begun) => async () => {
    running.add(own);
    begun[own].resolve();
    await begun[other].promise;
    expect([...running].toSorted()).toEqual(['b001p000', 'b001p001']);
  };
  world.daemon.during('b001p000', meet('b001p000', 'b001p001'));
  world.daemon.during('b001p001', meet('b001p001', 'b001p000'));
  const { exitCode, stdout, stderr } = await world.run(2, '--set', 'duet=true');
  expect(exitCode, stderr).toBe(0);
  const stored = await world.stored();
  expectWhole(stored, 2);
  expect(stored.run.config.duet).toBe(true);
  const turned = (lines: readonly string[]) =>
    lines.map((line) => line.split(' | ').toReversed().join(' | ')).toSorted();
  const [warmup, first, second] = [0, 1, 2].map((block) => duets(stored, block));
  expect(turned(warmup ?? [])).toEqual(first);
  expect(warmup).toEqual(second);
  expect([...(warmup ?? []), ...(first ?? [])].toSorted()).toEqual([
    'crun | runc#crun',
    'runc | runc#2',
    'runc#2 | runc',
    'runc#crun | crun',
  ]);
  for (const { trialId, cell, duet } of stored.trials) {
    expect(world.daemon.cpusets.get(trialId)).toBe(duet?.side === 0 ? '0,2' : '1,3');
    const runtime = cell.runtime === 'crun' ? 'crun' : 'runc';
    expect(world.daemon.calls).toContain(`create ${runtime} ${trialId}`);
  }
  // Partners have no rows.
  for (const label of ['runc#crun', 'runc#2']) expect(stdout).not.toContain(label);
});

test('one trial at a time gets all CPUs', async () => {
  await using world = await ScriptedWorld.open();
  await world.run(1);
  expect((await world.stored()).trials.every((trial) => !('duet' in trial))).toBe(true);
  expect(new Set(world.daemon.cpusets.values())).toEqual(new Set([undefined]));
});

describe('a duet that is cut off', () => {
  test('by the user is interrupted as a whole, and measured again as a whole', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p002', () => world.signal('SIGINT'));
    expect((await world.run(2, '--set', 'duet=true')).exitCode).toBe(130);
    const before = await world.stored();
    expect(interruptedTrials(before)).toEqual(['b001p002 interrupted', 'b001p003 interrupted']);
    expect(world.daemon.containers.size).toBe(0);
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode, stderr).toBe(0);
    const after = await world.stored();
    expectWhole(after, 2);
    expect(after.trials.filter(({ attempt }) => attempt === 2).map(({ trialId }) => trialId)).toEqual([
      'b001p002',
      'b001p003',
    ]);
  });

  test('by the loss of its engine goes on in a new one as a whole', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p001', () => world.daemon.restart());
    const { exitCode, stderr } = await world.run(2, '--set', 'duet=true');
    expect(exitCode, stderr).toBe(0);
    const stored = await world.stored();
    expectWhole(stored, 2);
    expect(interruptedTrials(stored).map((line) => line.split(' ')[0])).toEqual(['b001p000', 'b001p001']);
    expect(world.sessions).toHaveLength(2);
  });

  test('between the records of its trials has no value by one of them', async () => {
    await using world = await ScriptedWorld.open();
    let appended = 0;
    world.onWrite = ({ what }) => {
      if (what !== 'appendTrial' || ++appended !== 6) return;
      world.crash();
      throw new Error('the process has ended');
    };
    await world.run(2, '--set', 'duet=true');
    const before = await world.stored();
    expect(before.trials.at(-1)?.trialId).toBe('b001p000');
    world.onWrite = () => undefined;
    const { exitCode, stderr } = await world.resume('latest');
    expect(exitCode, stderr).toBe(0);
    const { trials } = await world.stored();
    const attempts = trials
      .filter(({ trialId }) => trialId === 'b001p000' || trialId === 'b001p001')
      .map(({ trialId, attempt, outcome }) => `${trialId} ${attempt} ${outcome.status}`);
    expect(attempts).toEqual(['b001p000 1 ok', 'b001p000 2 ok', 'b001p001 2 ok']);
  });
});

test('where one arm fails, the other ends as it would, until the duet is given up', async () => {
  await using world = await ScriptedWorld.open();
  let preflights = 0;
  const failing = () => {
    preflights++;
    world.daemon.startErrors.set('crun', 'it broke');
  };
  world.daemon.during('b000p000', failing);
  const { exitCode } = await world.run(5, '--set', 'duet=true');
  expect(preflights).toBe(1);
  expect(exitCode).toBe(1);
  const { trials } = await world.stored();
  const of = (runtime: string) =>
    trials.filter(({ cell }) => cell.runtime === runtime).map(({ outcome }) => outcome.status);
  const failed = of('crun').filter((status) => status === 'failed');
  expect(failed).toHaveLength(3);
  expect(of('runc#crun')).toEqual(of('crun').map(() => 'ok'));
  expect(of('runc')).toEqual(Array(6).fill('ok'));
  expect(world.daemon.containers.size).toBe(0);
});

describe('a duet is refused', () => {
  test('where the engine is on another host', () => {
    const here = { cpus: [0, 1], siblings: new Map(), canPin: true };
    expect(halvesFor({ local: true }, here)).toEqual(['0', '1']);
    expect(() => halvesFor({ local: false }, here)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        problems: [
          expect.objectContaining({ file: 'duet', message: expect.stringContaining('on this host') }),
        ],
      }),
    );
  });

  test('on one CPU', async () => {
    await using world = await ScriptedWorld.open();
    world.host = { ...world.host, cpus: async () => ({ cpus: [3], siblings: new Map(), canPin: true }) };
    const { exitCode, stderr } = await world.run(1, '--set', 'duet=true');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('needs two CPUs, one for each of two trials; here 1 can be used');
    expect(stderr).toContain('fix: leave out --set duet=true');
  });

  test('where nothing keeps a container on its CPUs', async () => {
    await using world = await ScriptedWorld.open();
    const cpus = async () => ({ cpus: [0, 1], siblings: new Map(), canPin: false });
    world.host = { ...world.host, cpus };
    const { exitCode, stderr } = await world.run(1, '--set', 'duet=true');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cpuset');
  });
});
