import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../../../../src/core/config/workloads.ts';
import { chooseSubjects } from '../../../../../src/core/measure/schedule/choice.ts';
import type { RunRecord } from '../../../../../src/core/model/run.ts';
import { refuseWithoutBpftrace } from '../../../../../src/features/capacity/app/capacity/capacity-refusals.ts';
import { capacityLacks, isShort } from '../../../../../src/features/capacity/app/capacity/lacks.ts';
import { missingOf, overheadParts } from '../../../../../src/features/capacity/overhead/parts.ts';
import { neededWorkloads } from '../../../../../src/features/capacity/predict/costs.ts';
import { applicationsNeeded } from '../../../../../src/features/capacity/predict/interval.ts';
import { runRecord, runtimeFacts } from '../../../../support/records.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun } from '../../overhead/known-run.ts';

const workloads = await loadWorkloads();
const preset = { preset: 'capacity', workloads: null } as const;
const subjects = chooseSubjects(workloads, preset);

describe('the preset has what each command needs', () => {
  test('all parts of the overhead', () => {
    const { subjects: own } = runOfPreset();
    expect(overheadParts.flatMap((part) => missingOf(part, { subjects: own }))).toEqual([]);
  });

  test('what calls cost, and applications for an interval, all of which can be recorded', () => {
    const ids = new Set(subjects.map(({ workload }) => workload.id));
    expect(neededWorkloads.filter((id) => !ids.has(id))).toEqual([]);
    const applications = subjects.filter(({ workload }) => workload.category === 'app');
    expect(new Set(applications.map(({ workload }) => workload.id)).size).toBeGreaterThanOrEqual(
      applicationsNeeded(0.9),
    );
    for (const { workload, params } of applications)
      expect(workload.container(params).stamped, workload.id).toBe(true);
  });
});

function runOfPreset(): RunRecord {
  return runRecord({
    config: { preset: 'capacity' },
    subjects: subjects.map(({ workload: { id, category }, params }) => ({
      workload: id,
      category,
      image: 'base',
      definition: '',
      unsupported: {},
      params: Object.entries(params)
        .map(([key, value]) => `${key}=${value}`)
        .join(';'),
    })) as RunRecord['subjects'],
  });
}

describe('what a run lacks to be a capacity recording', () => {
  test('blocks, by workload and runtime', () => {
    const { run, trials } = knownRun({ blocks: 5 });
    const lacks = capacityLacks(run, trials, workloads);
    expect(lacks.blocks).toBe(6);
    expect(lacks.works).toContainEqual({
      workload: 'memory/sized',
      params: 'size=16M',
      category: 'memory',
      runtime: 'runsc',
      blocks: 5,
    });
    expect(isShort(lacks)).toBe(true);
  });

  test('workloads that were not to be measured, and too few applications', () => {
    const { run, trials } = knownRun({ blocks: 6 });
    const lacks = capacityLacks(run, trials, workloads);
    expect(lacks.works).toEqual([]);
    expect(lacks.absent).toEqual([...neededWorkloads, 'app']);
  });

  test('runtimes that were asked for and could not run', () => {
    const { run, trials } = knownRun();
    const gone = {
      ...runtimeFacts('kata', { status: 'unavailable', tookMs: 1, reason: 'no KVM' } as never),
      requested: true,
    };
    const lacks = capacityLacks({ ...run, runtimes: [...run.runtimes, gone] }, trials, workloads);
    expect(lacks.runtimes).toEqual(['kata']);
    expect(lacks.works).toEqual([]);
  });
});

describe('ocibench capacity measure refuses before it measures', () => {
  const asked = async (world: ScriptedWorld, ...words: readonly string[]) =>
    world.command(['capacity', 'measure', ...words]);

  test('without root: exit 3, with the command that has it', async () => {
    await using world = await ScriptedWorld.open();
    world.isRoot = false;
    const { exitCode, stderr } = await asked(world);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toMatch(/fix: (sudo )?ocibench capacity measure/);
    expect(world.sessions).toEqual([]);
  });

  /** Sets a variable of this process for the time of a test. */
  function variable(name: string, value: string): Disposable {
    const before = process.env[name];
    process.env[name] = value;
    return {
      [Symbol.dispose]() {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      },
    };
  }

  test('without bpftrace: exit 3, with the package', async () => {
    const here = { environment: { isRoot: true }, clock: { date: () => new Date(0) } };
    const refused = refuseWithoutBpftrace(here as never, async () => null);
    await expect(refused).rejects.toMatchObject({
      exitCode: 3,
      problems: [{ message: 'bpftrace is not installed', fix: 'apt-get install -y bpftrace' }],
    });
  });

  test.each(['--container', '--for', '--run', '--json'])('%s, which is of capacity record', async (flag) => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await asked(world, flag, 'web');
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(`unknown option '${flag}'`);
  });

  test('a baseline with a kernel of its own', async () => {
    await using world = await ScriptedWorld.open();
    const file = join(world.path, 'daemon.json');
    await writeFile(file, JSON.stringify({ runtimes: { runsc: { path: '/usr/bin/runsc' } } }));
    const { exitCode, stderr } = await asked(world, '--baseline', 'runsc', '--set', `daemonJson=${file}`);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('--baseline: runsc: runsc has a kernel of its own');
  });

  test('an engine without Docker, and one of another host', async () => {
    await using world = await ScriptedWorld.open();
    expect((await asked(world, '--engine', 'containerd')).stderr).toContain('--engine: containerd');
    using _ = variable('DOCKER_HOST', 'ssh://somebody@elsewhere');
    const { exitCode, stderr } = await asked(world);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('is on another host, whose kernel cannot be traced from here');
  });

  test('to go on with a run of another preset', async () => {
    await using world = await ScriptedWorld.open();
    world.isRoot = true;
    const run = runRecord({ runId: '20260101-000000-0000', config: { preset: 'quick' } });
    const path = join(world.path, 'results', run.runId);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'run.json'), JSON.stringify({ ...run, subjects: [] }));
    for (const name of ['schedule.jsonl', 'trials.jsonl']) await writeFile(join(path, name), '');
    const { exitCode, stderr } = await asked(world, '--resume', run.runId);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(`--resume: ${run.runId}: it measured the preset quick`);
  });
});
