import { chmod, copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { takeHostSnapshot } from '../../../../../src/core/collect/host-snapshot.ts';
import { removeRuns } from '../../../../../src/features/nightly/app/history/old-runs.ts';
import { readHistory } from '../../../../../src/features/nightly/app/history/on-disk.ts';
import type {
  HeadlineLine,
  HistoryLine,
  NightLine,
} from '../../../../../src/features/nightly/history/record.ts';
import { comparisonKey } from '../../../../../src/features/nightly/history/series.ts';
import { type CommandEnd, type KeptWorld, ScriptedWorld } from '../../../../support/scripted-world.ts';

// A gate cannot tell of trials beside which others worked: what runs beside these tests is no part of them.
vi.mock('../../../../../src/core/collect/host-snapshot.ts', async (original) => {
  const real = await original<typeof import('../../../../../src/core/collect/host-snapshot.ts')>();
  const then = real.takeHostSnapshot();
  return { ...real, takeHostSnapshot: () => ({ ...then, atNs: real.takeHostSnapshot().atNs }) };
});
// Each night asks five programs for their version: what they answer does not matter here.
vi.mock('../../../../../src/core/host/programs.ts', async () => ({
  runProgram: async (file: string, args: readonly string[]) =>
    args.includes('--version')
      ? { exitCode: 0, stdout: `${basename(file)} version 1.0\n`, stderr: '' }
      : { exitCode: null, stdout: '', stderr: '' },
}));

let pinned: KeptWorld;
let measuredOnce: KeptWorld;
beforeAll(async () => {
  const world = await ScriptedWorld.open();
  for (const name of ['runc', 'crun']) await copyFile('/bin/true', join(world.path, name));
  for (const name of ['runc', 'crun']) {
    const { exitCode, stderr } = await pin(world, name);
    expect(exitCode, stderr).toBe(0);
  }
  pinned = await world.keep();
  const after = await pinnedWorld();
  const { exitCode, stderr } = await night(after);
  expect(exitCode, stderr).toBe(0);
  measuredOnce = await after.keep();
}, 60_000);
afterAll(async () => {
  await pinned[Symbol.asyncDispose]();
  await measuredOnce[Symbol.asyncDispose]();
});

/** On a host of which nobody else uses anything, and on which every start takes as long as any other. */
async function begin(kept: KeptWorld): Promise<ScriptedWorld> {
  const world = await kept.open();
  busyHost(world, 0);
  world.trialClock.tick();
  for (const name of ['runc', 'runc-pin', 'crun', 'crun-pin']) world.daemon.startDelays.set(name, 20);
  return world;
}

/** A world with runc and crun, both pinned. */
const pinnedWorld = () => begin(pinned);
/** The same after its first night, that of 2026-01-02. */
const worldAfterNight = () => begin(measuredOnce);

const pin = (world: ScriptedWorld, ...words: readonly string[]) =>
  world.command(['nightly', 'pin', ...words, '--set', `daemonJson=${join(world.path, 'daemon.json')}`]);

/** Others use this share of the CPUs. */
function busyHost(world: ScriptedWorld, share: number): void {
  let atNs = 0;
  const host = takeHostSnapshot();
  world.host = {
    ...world.host,
    counters: async () => {
      atNs += 1e9;
      return { ...host, cpus: 1, atNs, busyNs: share * atNs, stealNs: 0 };
    },
  };
}

const night = (world: ScriptedWorld, ...more: readonly string[]): Promise<CommandEnd> => {
  world.clock.advance(86_400_000);
  const what = [
    '--engine',
    'embedded',
    '--workloads',
    'startup/echo',
    '--preset',
    'quick',
    ...(more.some((word) => word.startsWith('blocks=')) ? [] : ['--set', 'blocks=3..3']),
  ];
  return world.command([
    'nightly',
    ...what,
    '--set',
    `daemonJson=${join(world.path, 'daemon.json')}`,
    ...more,
  ]);
};

const lines = async (world: ScriptedWorld): Promise<readonly HistoryLine[]> =>
  (await readHistory(join(world.path, 'history'))).lines;
const nights = async (world: ScriptedWorld) =>
  (await lines(world)).filter((line): line is NightLine => line.kind === 'night');
const headlines = async (world: ScriptedWorld) =>
  (await lines(world)).filter((line): line is HeadlineLine => line.kind === 'headline');

test('a night measures each runtime beside its copy, and the copies beside that of the baseline', async () => {
  await using world = await pinnedWorld();
  const { exitCode, stderr, stdout } = await night(world);
  expect(exitCode, stderr).toBe(0);
  expect((await headlines(world)).map(({ series, pairs }) => [series, pairs])).toEqual([
    ['runc ÷ runc-pin startup/echo startup.to_output', 3],
    ['crun ÷ crun-pin startup/echo startup.to_output', 3],
    ['crun-pin ÷ runc-pin startup/echo startup.to_output', 3],
    ['runc-pin startup/echo startup.to_output', 3],
  ]);
  const { run } = await world.stored();
  expect(await nights(world)).toMatchObject([
    { night: '2026-01-02', run: run.runId, status: 'measured', headlines: 4, aa: { widening: 1 } },
  ]);
  expect(run.config).toMatchObject({
    baseline: 'runc-pin',
    labels: { 'ocibench-nightly': join(world.path, 'history') },
  });
  expect(run.runtimes.map(({ entry }) => `${entry.name} ${entry.origin}`)).toEqual([
    'runc-pin pin',
    'runc built-in',
    'crun daemon.json',
    'crun-pin pin',
  ]);
  expect(stdout).toContain('no open alarm');
});

test('the copies stay as they were when the programs change, and so do the segments of their series', async () => {
  await using world = await worldAfterNight();
  await copyFile('/bin/false', join(world.path, 'crun'));
  await night(world);
  const [before, after] = Map.groupBy(await headlines(world), ({ night: day }) => day).values();
  expect(after?.map(comparisonKey)).toEqual(before?.map(comparisonKey));
  const programs = (all: readonly HeadlineLine[] | undefined) =>
    all?.find(({ series }) => series.startsWith('crun ÷'))?.provenance;
  expect(programs(after)?.runtime.sha256).not.toBe(programs(before)?.runtime.sha256);
  expect(programs(after)?.reference).toEqual(programs(before)?.reference);
});

test('an evening teaches the levels of runtimes to their copies: they are watched from the next night on', async () => {
  await using world = await pinnedWorld();
  const { exitCode, stderr } = await world.command([
    'nightly',
    'learn',
    '--for',
    '1h',
    '--engine',
    'embedded',
    '--workloads',
    'startup/echo',
    '--preset',
    'quick',
    '--set',
    'blocks=28..28',
    '--set',
    `daemonJson=${join(world.path, 'daemon.json')}`,
    '--history',
    'other',
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('the level of 2 of 2 series relative to their pins is now known');
  const { lines: learnt } = await readHistory(join(world.path, 'other'));
  const counts = learnt.flatMap((line) => (line.kind === 'headline' ? [[line.against, line.counts]] : []));
  expect(counts).toEqual([
    ['pin', 14],
    ['pin', 14],
    ['baseline', undefined],
    ['none', undefined],
  ]);
  const few = await world.command([
    'nightly',
    'learn',
    '--for',
    '1h',
    '--engine',
    'embedded',
    '--workloads',
    'startup/echo',
    '--preset',
    'quick',
    '--set',
    'blocks=3..3',
    '--set',
    `daemonJson=${join(world.path, 'daemon.json')}`,
  ]);
  expect(few.stderr).toContain('fewer than 28 blocks');
});

test('nothing that was written is ever changed', async () => {
  await using world = await worldAfterNight();
  const file = join(world.path, 'history', '2026-01.ndjson');
  const first = await readFile(file, 'utf8');
  await night(world);
  expect((await readFile(file, 'utf8')).startsWith(first)).toBe(true);
});

describe('a night that is not measured is written down with its reason', () => {
  test('since others use the host', async () => {
    await using world = await pinnedWorld();
    busyHost(world, 0.5);
    const { exitCode, stderr } = await night(world);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(
      'night skipped: other processes use 50 % of the CPUs, more than the limit of 10 %',
    );
    expect(await nights(world)).toMatchObject([
      { status: 'skipped', run: null, reason: expect.stringMatching(/^other processes use/) },
    ]);
    expect(await readdir(world.path)).not.toContain('results');
    expect((await night(world, '--set', 'nightly.loadLimit=60%')).exitCode).toBe(0);
    // With what is stolen, more can be used than there is.
    busyHost(world, 1.01);
    expect((await night(world, '--set', 'nightly.loadLimit=100%')).exitCode).toBe(0);
  });

  test('since another measurement runs', async () => {
    await using world = await pinnedWorld();
    const { host } = world;
    const by = {
      command: 'ocibench run',
      runId: 'r',
      since: '',
      pid: 1,
      startTime: '1',
      bootId: 'b',
      host: 'h',
    };
    world.host = {
      ...host,
      lock: async () => ({ kind: 'busy', by, file: '/lock', verified: true, ended: async () => undefined }),
    };
    const { exitCode } = await night(world);
    expect(exitCode).toBe(4);
    expect(await nights(world)).toMatchObject([{ status: 'skipped', run: null }]);
  });

  test('since no engine answers', async () => {
    await using world = await pinnedWorld();
    world.daemon.goDown();
    const { exitCode } = await night(world);
    expect(exitCode).toBe(3);
    expect(await nights(world)).toMatchObject([{ status: 'failed', reason: 'no Docker daemon answers' }]);
  });

  test('since too few blocks were measured', async () => {
    await using world = await pinnedWorld();
    expect((await night(world, '--set', 'blocks=2..2')).exitCode).toBe(5);
    expect(await nights(world)).toMatchObject([
      { headlines: 0, reason: expect.stringContaining('too few blocks for a figure') },
    ]);
  });
});

describe('a night that cannot begin', () => {
  const broken = async (world: ScriptedWorld, ...more: readonly string[]) => {
    const file = join(world.path, 'own.json');
    await writeFile(file, JSON.stringify({ nightly: { maxTme: '1m' } }));
    return night(world, '--config', file, ...more);
  };

  test.each([
    ['its configuration is broken', (world: ScriptedWorld) => broken(world), /own\.json.*maxTme/],
    [
      'a runtime is not pinned',
      (world: ScriptedWorld) => night(world, '--runtimes', 'runsc'),
      /runsc: is not pinned/,
    ],
  ])('since %s is in the history and in its report', async (_, begin, reason) => {
    await using world = await worldAfterNight();
    const { exitCode } = await begin(world);
    expect(exitCode).toBe(2);
    expect((await nights(world)).at(-1)).toMatchObject({
      night: '2026-01-03',
      status: 'failed',
      run: null,
      reason: expect.stringMatching(reason),
    });
    const page = await readFile(join(world.path, 'history/report.html'), 'utf8');
    expect(page).toContain('last night failed');
    expect(page).toMatch(reason);
    expect((await night(world)).exitCode).toBe(0);
    expect((await nights(world)).map(({ status }) => status)).toEqual(['measured', 'failed', 'measured']);
  });

  test('is in what other programs read', async () => {
    await using world = await worldAfterNight();
    await broken(world, '--exports', 'junit');
    const junit = await readFile(join(world.path, 'exports/junit.xml'), 'utf8');
    expect(junit).toMatch(/<error message="failed: .*maxTme/);
  });

  test('where the history cannot be written says that, and fails', async () => {
    await using world = await worldAfterNight();
    await chmod(join(world.path, 'history'), 0o777);
    const { exitCode, stderr } = await night(world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('history: ');
    expect(stderr).toContain('can be written by every user');
    expect(await nights(world)).toHaveLength(1);
  });
});

describe('what comes after a night', () => {
  test('fails without changing how it ended, and says why', async () => {
    await using world = await pinnedWorld();
    await writeFile(join(world.path, 'exports'), 'a file');
    const { exitCode, stderr } = await night(world, '--exports', 'junit');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('junit was not written: ');
    expect(await nights(world)).toMatchObject([{ status: 'measured' }]);
  });

  test('comes after one that was skipped or failed, too', async () => {
    await using world = await pinnedWorld();
    const junit = () => readFile(join(world.path, 'exports', 'junit.xml'), 'utf8');
    busyHost(world, 0.5);
    await night(world, '--exports', 'junit');
    expect(await junit()).toContain('<skipped message="skipped: other processes use');
    busyHost(world, 0);
    world.daemon.goDown();
    await night(world, '--exports', 'junit');
    expect(await junit()).toContain('<error message="failed: no Docker daemon answers"');
    expect(await nights(world)).toHaveLength(2);
  });
});

describe('a night that is cut off', () => {
  test('by its user is closed with what it measured', async () => {
    await using world = await pinnedWorld();
    world.daemon.during('b004p000', () => world.signal('SIGINT'));
    const { exitCode } = await night(world, '--set', 'blocks=6..6');
    expect(exitCode).toBe(130);
    expect(await nights(world)).toMatchObject([{ status: 'interrupted', headlines: 4 }]);
    expect((await headlines(world)).map(({ pairs }) => pairs)).toEqual([3, 3, 3, 3]);
  });

  test.each(['preflight0', 'b000p001', 'b001p000', 'b004p002'])(
    'by a kill in %s is closed by the next one, which begins anew',
    async (trialId) => {
      await using world = await pinnedWorld();
      world.daemon.during(trialId, () => world.crash());
      await night(world, '--set', 'blocks=5..5');
      expect(await lines(world)).toMatchObject([{ kind: 'begun', at: '2026-01-02T00:00:00.000Z' }]);
      await gone(world);
      const { exitCode, stderr } = await night(world);
      expect(exitCode, stderr).toBe(0);
      const [cut, next, ...more] = await nights(world);
      expect(more).toEqual([]);
      expect(next).toMatchObject({ status: 'measured', headlines: 4 });
      expect(cut).toMatchObject({ night: '2026-01-02', began: '2026-01-02T00:00:00.000Z' });
      if (trialId === 'preflight0') {
        expect(stderr).toContain('the night that began at 2026-01-02T00:00:00.000Z ended before it measured');
        expect(cut).toMatchObject({ status: 'failed', run: null, reason: /^it was killed before/ });
        return;
      }
      expect(stderr).toContain(`run ${cut?.run} was cut off before its night was recorded`);
      expect(cut).toMatchObject({ status: 'interrupted', headlines: trialId === 'b004p002' ? 4 : 0 });
    },
  );

  test('while it waits, and the next one as well: each is told once, and one that goes on is not', async () => {
    await using world = await pinnedWorld();
    const begin = () => {
      const lock = async () => {
        world.crash();
        throw new Error('killed');
      };
      world.host = { ...world.host, lock };
      return night(world);
    };
    const { host } = world;
    await begin();
    await gone(world);
    await begin();
    world.host = host;
    // The second one goes on, as far as this one can see.
    await night(world);
    expect((await nights(world)).map((each) => `${each.night} ${each.status}`).toSorted()).toEqual([
      '2026-01-02 failed',
      '2026-01-04 measured',
    ]);
    await gone(world);
    await night(world);
    expect((await nights(world)).map((each) => `${each.night} ${each.status}`).toSorted()).toEqual([
      '2026-01-02 failed',
      '2026-01-03 failed',
      '2026-01-04 measured',
      '2026-01-05 measured',
    ]);
  });

  test('by a kill before it is written down loses nothing', async () => {
    await using world = await pinnedWorld();
    let appended = 0;
    world.onWrite = ({ what }) => {
      if (what !== 'appendByMonth' || ++appended === 1) return;
      world.crash();
      throw new Error('killed');
    };
    await night(world);
    world.onWrite = () => undefined;
    expect(await lines(world)).toMatchObject([{ kind: 'begun' }]);
    await gone(world);
    await night(world);
    expect(await nights(world)).toMatchObject([
      { night: '2026-01-02', status: 'measured', headlines: 4 },
      { night: '2026-01-03', status: 'measured', headlines: 4 },
    ]);
  });

  test('while it is written down: the torn line is named, stays, and costs nothing else', async () => {
    await using world = await worldAfterNight();
    const file = join(world.path, 'history', '2026-01.ndjson');
    const whole = await readFile(file);
    await truncate(file, whole.length - 40);
    const { stderr, exitCode } = await night(world);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`${file}: line 6 is skipped: it is not JSON`);
    expect((await nights(world)).map((each) => each.night)).toEqual(['2026-01-02', '2026-01-03']);
    expect((await readFile(file)).subarray(0, whole.length - 40)).toEqual(
      whole.subarray(0, whole.length - 40),
    );
  });
});

test('what is measured can stand in the configuration, and flags go before it', async () => {
  await using world = await pinnedWorld();
  busyHost(world, 0.5);
  const file = join(world.path, 'own.json');
  const nightly = {
    runtimes: ['crun'],
    workloads: ['startup/echo'],
    preset: 'quick',
    loadLimit: '60%',
    keepRuns: 1,
  };
  await writeFile(file, JSON.stringify({ nightly, engine: 'embedded', blocks: '3..3' }));
  const words = ['--config', file, '--set', `daemonJson=${join(world.path, 'daemon.json')}`];
  for (let i = 0; i < 2; i++) {
    const { exitCode, stderr } = await world.command(['nightly', ...words]);
    expect(exitCode, stderr).toBe(0);
    world.clock.advance(86_400_000);
  }
  expect((await world.stored()).run.config).toMatchObject({ preset: 'quick', workloads: ['startup/echo'] });
  expect((await readdir(join(world.path, 'results'))).filter((name) => /^\d/.test(name))).toHaveLength(1);
  expect((await world.command(['nightly', ...words, '--set', 'nightly.loadLimit=10%'])).exitCode).toBe(5);
});

test.each([
  ['< 90x', 0, '✓ holds'],
  ['< 0.01x', 1, '✗ fails'],
])('a night is judged by the gate of the configuration: %s ends with %d', async (limit, code, said) => {
  await using world = await pinnedWorld();
  const file = join(world.path, 'own.json');
  const gate = { 'crun startup/echo': { limit, vs: 'pinned' } };
  await writeFile(file, JSON.stringify({ gate }));
  const { exitCode, stdout, stderr } = await night(world, '--config', file);
  expect(exitCode, stderr + stdout).toBe(code);
  expect(stdout).toContain(said);
  const { stdout: json } = await night(world, '--config', file, '--json');
  expect(JSON.parse(json)).toContainEqual(
    expect.objectContaining({ kind: 'gate', expression: `crun startup/echo ${limit} vs pinned` }),
  );
  expect((await world.command(['nightly', 'gate', '--config', file])).exitCode).toBe(code);
});

test('a gate that is wrong is refused before the night, which is no night then', async () => {
  await using world = await pinnedWorld();
  const file = join(world.path, 'own.json');
  await writeFile(file, JSON.stringify({ gate: { 'crum startup/echo': '< 2' } }));
  const { exitCode, stderr } = await night(world, '--config', file);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("there is no runtime 'crum'\n  fix: did you mean 'crun'?");
  expect(await lines(world)).toEqual([]);
});

test('lines that cannot be read are named with what helps, stay, and the nights go on', async () => {
  await using world = await worldAfterNight();
  const file = join(world.path, 'history', '2026-01.ndjson');
  const [first] = await nights(world);
  const odd = [
    'nonsense',
    JSON.stringify({ ...first, schema: 2 }),
    JSON.stringify({ ...first, kind: 'other' }),
  ];
  await writeFile(file, `${odd.join('\n')}\n`, { flag: 'a' });
  const before = await readFile(file, 'utf8');
  const { exitCode, stderr } = await night(world);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(`${file}: line 7 is skipped: it is not JSON\n  fix: restore it from a copy`);
  expect(stderr).toContain(
    `${file}: line 8 is skipped: it has version 2, and this ocibench reads up to 1\n  fix: use the`,
  );
  expect(stderr).toContain(`${file}: line 9 is skipped: kind`);
  expect((await readFile(file, 'utf8')).startsWith(before)).toBe(true);
  expect(await nights(world)).toHaveLength(2);
});

test('a clock that went back, and nights of other hosts, are said', async () => {
  await using world = await worldAfterNight();
  await night(world);
  const file = join(world.path, 'history', '2026-01.ndjson');
  const [other] = (await nights(world)).map((each) => ({ ...each, host: 'elsewhere' }));
  await writeFile(file, `${JSON.stringify(other)}\n`, { flag: 'a' });
  world.clock.advance(-2 * 86_400_000);
  const { stderr } = await night(world);
  expect(stderr).toContain('the clock went back: the last night of this host began at 2026-01-03');
  expect(stderr).toContain('this history also holds nights of 1 other host');
});

/** The process of every night that began has gone. */
async function gone(world: ScriptedWorld): Promise<void> {
  const file = join(world.path, 'history', '2026-01.ndjson');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll(/"startTime":"\d+"/g, '"startTime":"0"'));
}

/** Nights before the only one that was measured, in which its figures were what they are but for some noise. */
async function nightsBefore(world: ScriptedWorld, n: number): Promise<void> {
  const measured = await lines(world);
  const earlier = Array.from({ length: n }, (_, day) =>
    measured.map((line) => {
      const date = `2025-12-${String(day + 1).padStart(2, '0')}`;
      const changed = { ...line, night: date, at: `${date}T02:00:00.000Z`, run: `earlier-${day}` };
      if (line.kind !== 'headline') return changed;
      const level = line.against === 'pin' ? 1 : line.estimate;
      return { ...changed, estimate: level * Math.exp(0.2 * Math.sin(day * 2)), logError: 0.2 };
    }),
  );
  const text = earlier.flat().map((line) => `${JSON.stringify(line)}\n`);
  await writeFile(join(world.path, 'history', '2025-12.ndjson'), text.join(''));
}

describe('a runtime that became slower', { timeout: 120_000 }, () => {
  /** As if its binary had been replaced by one that takes much longer. */
  async function slower(world: ScriptedWorld): Promise<void> {
    world.daemon.startDelays.set('crun', 300);
    await copyFile('/bin/false', join(world.path, 'crun'));
  }
  const moved = 'crun ÷ crun-pin startup/echo startup.to_output';
  const alarms = async (world: ScriptedWorld) => (await lines(world)).filter(({ kind }) => kind === 'alarm');

  test('is measured again in the same night, and alarms with what changed and since when', async () => {
    await using world = await worldAfterNight();
    await nightsBefore(world, 14);
    await slower(world);
    const { exitCode, stdout, stderr } = await night(world, '--set', 'blocks=8..8');
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toContain('suspect tonight, measuring again');
    expect(await alarms(world)).toMatchObject([
      {
        id: '2026-01-03/1',
        direction: 'worse',
        since: '2026-01-03',
        cause: { kind: 'runtime', changed: [{ what: 'crun' }] },
        series: [{ series: moved }],
      },
    ]);
    expect(stdout).toContain(
      'alarm 2026-01-03/1: worse; this runtime changed, since the night of 2026-01-03',
    );
    expect(stdout).toContain('changed that night: crun: ');
    const confirmation = (await headlines(world)).filter(({ stage }) => stage === 'confirmation');
    expect(confirmation.find(({ series }) => series === moved)).toMatchObject({ pairs: 40 });
    expect((await nights(world)).slice(-1)).toMatchObject([{ stage: 'confirmation', status: 'measured' }]);
  });

  test('under one profile only is found there, measured again there, and named with it', async () => {
    await using world = await pinnedWorld();
    const file = join(world.path, 'profiles.json');
    await writeFile(file, JSON.stringify({ profiles: ['default', 'read-only'] }));
    const profiles = ['--config', file];
    await night(world, ...profiles);
    await nightsBefore(world, 14);
    world.daemon.startDelays.set('crun@read-only', 300);
    await copyFile('/bin/false', join(world.path, 'crun'));
    const { exitCode, stdout, stderr } = await night(world, '--set', 'blocks=8..8', ...profiles);
    expect(exitCode, stderr).toBe(1);
    const strict = 'crun ÷ crun-pin startup/echo under read-only startup.to_output';
    expect(await alarms(world)).toMatchObject([
      {
        direction: 'worse',
        cause: { kind: 'runtime', changed: [{ what: 'crun' }] },
        series: [{ series: strict }],
      },
    ]);
    expect(stdout).toContain(strict);
    const confirmation = (await headlines(world)).filter(({ stage }) => stage === 'confirmation');
    expect(confirmation.find(({ series }) => series === strict)).toMatchObject({
      pairs: 40,
      profile: 'read-only',
    });
    expect(confirmation.map(({ series }) => series)).not.toContain(moved);
    // What history shows and exports say is of that profile, too.
    expect((await world.command(['nightly', 'show'])).stdout).toContain(strict);
    const prom = await world.command(['nightly', 'export', '--format', 'textfile']);
    expect(prom.stdout).toMatch(/profile="read-only"/);
    const plain = prom.stdout.split('\n').filter((line) => line.includes(`series="${moved}"`));
    expect(plain.length).toBeGreaterThan(0);
    for (const line of plain) expect(line).not.toContain('profile=');
  });

  test('is told to a command of the user, once, and to what others read', async () => {
    await using world = await worldAfterNight();
    await nightsBefore(world, 14);
    await slower(world);
    const got = join(world.path, 'got');
    const told = ['--notify', `sh -c '/bin/cat >>${got}'`, '--exports', 'junit,textfile'];
    const { exitCode, stderr } = await night(world, '--set', 'blocks=8..8', ...told);
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toContain('sent 1 alarm to /usr/bin/sh');
    expect(JSON.parse(await readFile(got, 'utf8'))).toMatchObject({
      alarms: [{ id: '2026-01-03/1', series: [{ series: moved }] }],
    });
    const exports = join(world.path, 'exports');
    expect(await readdir(exports)).toEqual(['junit.xml', 'ocibench.prom']);
    expect(await readFile(join(exports, 'junit.xml'), 'utf8')).toContain('failures="1"');
    const first = await readFile(join(exports, 'ocibench.prom'), 'utf8');
    await night(world, '--set', 'blocks=8..8', ...told);
    expect((await readFile(got, 'utf8')).trim().split('\n')).toHaveLength(1);
    expect(await readFile(join(exports, 'ocibench.prom'), 'utf8')).not.toBe(first);
  });

  test('alarms once, until somebody accepts that', async () => {
    await using world = await worldAfterNight();
    await nightsBefore(world, 14);
    await slower(world);
    await night(world, '--set', 'blocks=8..8');
    await night(world, '--set', 'blocks=8..8');
    expect((await alarms(world)).length).toBe(1);
    const accept = (...more: readonly string[]) => world.command(['nightly', 'accept', ...more]);
    expect(await accept('2026-01-03/1')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--why'),
    });
    expect(await accept('2020-01-01/9', '--why', 'x')).toMatchObject({ exitCode: 2 });
    expect((await world.command(['nightly', 'show'])).stdout).toContain('alarm 2026-01-03/1');
    expect(await accept('2026-01-03/1', '--why', 'wanted')).toMatchObject({ exitCode: 0 });
    expect((await world.command(['nightly', 'show'])).stdout).toContain('no open alarm');
  });

  test.each(['b010p001', 'b020p000'])(
    'by a kill in its confirmation (%s), the next night closes it',
    async (trialId) => {
      await using world = await worldAfterNight();
      await nightsBefore(world, 14);
      await slower(world);
      world.daemon.during(trialId, () => world.crash());
      await night(world, '--set', 'blocks=8..8');
      expect((await nights(world)).at(-1)).toMatchObject({ night: '2026-01-03', stage: 'night' });
      await night(world, '--set', 'blocks=8..8');
      const closed = (await nights(world)).filter(
        ({ stage, night: day }) => stage === 'confirmation' && day === '2026-01-03',
      );
      expect(closed).toMatchObject([{ status: 'interrupted' }]);
      expect((await alarms(world)).length).toBeLessThanOrEqual(1);
    },
  );
});

describe('raw measurements', () => {
  test('of old nights are removed, and their lines stay', async () => {
    await using world = await pinnedWorld();
    for (let i = 0; i < 3; i++) await night(world, '--set', 'nightly.keepRuns=2');
    const kept = (await readdir(join(world.path, 'results'))).filter((name) => /^\d/.test(name));
    expect(await nights(world)).toHaveLength(3);
    expect(kept).toEqual((await nights(world)).slice(1).map(({ run }) => run));
  });

  test('of other runs are kept, whoever says that they are nights', async () => {
    await using world = await pinnedWorld();
    await world.run(2, '--set', 'report=false');
    const own = (await world.stored()).run.runId;
    await night(world);
    const [line] = await nights(world);
    const file = join(world.path, 'history', '2026-01.ndjson');
    await writeFile(file, `${JSON.stringify({ ...line, run: own, at: '2025-01-01T00:00:00.000Z' })}\n`, {
      flag: 'a',
    });
    await night(world, '--set', 'nightly.keepRuns=1');
    const kept = (await readdir(join(world.path, 'results'))).filter((name) => /^\d/.test(name));
    expect(kept).toContain(own);
    expect(kept).toHaveLength(2);
  });

  test('are not removed where another user could have put something in their place', async () => {
    await using world = await worldAfterNight();
    const results = join(world.path, 'results');
    const [run = ''] = (await readdir(results)).filter((name) => /^\d/.test(name));
    const expired = [{ runId: run, paths: [join(results, run)] }];
    await chmod(results, 0o777);
    await expect(removeRuns(results, expired)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ message: expect.stringContaining('can be written by every user') }],
    });
    expect(await readdir(results)).toContain(run);
    await chmod(results, 0o755);
    await removeRuns(results, expired);
    expect(await readdir(results)).not.toContain(run);
  });
});

describe('what cannot be a night is refused, all at once', () => {
  test('without a pin', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await night(world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fix: pin the baseline and each runtime to watch:  ocibench nightly pin runc');
    expect(await lines(world)).toEqual([]);
  });

  test('with wrong settings', async () => {
    await using world = await pinnedWorld();
    const unpinned = await night(world, '--runtimes', 'crun,runsc', '--set', 'duet=true');
    expect(unpinned.exitCode).toBe(2);
    for (const said of ['runsc: is not pinned', 'duet: in duets, the baseline has no figures'])
      expect(unpinned.stderr).toContain(said);
    const words = ['nightly.confirmTime=x', 'nightly.loadLimit=y', 'nightly.keepRuns=0', 'nightly.notify=x'];
    const set = words.flatMap((word) => ['--set', word]);
    const { exitCode, stderr } = await night(world, '--notify', 'true', ...set);
    expect(exitCode).toBe(2);
    for (const said of [
      '--set nightly.confirmTime=x: must be',
      '--set nightly.loadLimit=y: must be',
      '--set nightly.keepRuns=0: must be',
      '--set nightly.notify=x: is given by --notify, too',
    ])
      expect(stderr).toContain(said);
  });

  test('with a command that is none, and a format that is none', async () => {
    await using world = await pinnedWorld();
    const words = ['--notify', 'mail | cat', '--exports', 'pdf,junit'];
    const { exitCode, stderr } = await night(world, ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("notify: is not a command line: no shell interprets '|'");
    expect(stderr).toContain("--exports: 'pdf' is not a format\n  fix: choose from: csv, ndjson, junit");
    expect((await night(world, '--notify', 'no-such-program')).stderr).toContain('notify: is not on PATH');
    expect(await lines(world)).toEqual([]);
  });

  test('with a copy that is not as it was pinned', async () => {
    await using world = await pinnedWorld();
    const copy =
      (await readdir(join(world.path, 'ocibench-state', 'pins', 'crun'))).find((name) =>
        /^[0-9a-f]{16}$/.test(name),
      ) ?? '';
    await writeFile(join(world.path, 'ocibench-state', 'pins', 'crun', copy, 'crun'), 'x');
    const { exitCode, stderr } = await night(world);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('was pinned');
    expect(await nights(world)).toMatchObject([{ status: 'failed' }]);
  });
});

describe('the report of the nights', () => {
  const report = (world: ScriptedWorld) => join(world.path, 'history/report.html');

  test('is written at the end of each night, of a skipped one as well', async () => {
    await using world = await pinnedWorld();
    const { stderr } = await night(world);
    expect(stderr).toContain(`report of the nights: ${report(world)}`);
    const page = await readFile(report(world), 'utf8');
    expect(page).toContain('crun ÷ crun-pin');
    const [run] = await nights(world);
    expect(page).toContain(`<a href="../results/${run?.run}">`);
    busyHost(world, 0.5);
    await night(world);
    expect(await readFile(report(world), 'utf8')).toContain('other processes use 50 % of the CPUs');
  });

  test('that cannot be written is no failure of the night', async () => {
    await using world = await pinnedWorld();
    await mkdir(report(world), { recursive: true });
    const { exitCode, stderr } = await night(world);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/the report of the nights was not written: .*report\.html/);
    expect(await nights(world)).toMatchObject([{ status: 'measured' }]);
  });

  test('waits for no other measurement: the night that measures meanwhile writes it', async () => {
    await using world = await pinnedWorld();
    const { lock } = world.host;
    let locks = 0;
    world.host = {
      ...world.host,
      lock: async (wanted) => {
        const held = await lock(wanted);
        if (held.kind === 'busy' || wanted.runId !== 'report') return held;
        locks++;
        return { kind: 'busy', by: held.owner, file: 'lock', verified: true, ended: async () => undefined };
      },
    };
    const { exitCode, stderr } = await night(world);
    expect(exitCode, stderr).toBe(0);
    expect(locks).toBe(1);
    expect(await readdir(join(world.path, 'history'))).not.toContain('report.html');
  });
});
