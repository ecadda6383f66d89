import { describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../../../../src/core/config/workloads.ts';
import { chooseSubjects } from '../../../../../src/core/measure/schedule/choice.ts';
import { formatParams } from '../../../../../src/core/model/trial/cell.ts';
import { findLacks } from '../../../../../src/features/capacity/app/measure/lacks.ts';
import { listMissing } from '../../../../../src/features/capacity/overhead/parts.ts';
import { runSubject, runtimeFacts } from '../../../../support/records.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun } from '../../overhead/known-run.ts';

const workloads = await loadWorkloads();

test('the preset has all parts of the overhead, and applications whose CPU time can be compared', () => {
  const chosen = chooseSubjects(workloads, { preset: 'capacity', workloads: null });
  const subjects = chosen.map(({ workload, params }) =>
    runSubject(workload.id, { params: formatParams(params) }),
  );
  expect(listMissing({ subjects })).toEqual([]);
  const applications = chosen.filter(({ workload }) => workload.category === 'app');
  expect(applications.length).toBeGreaterThan(9);
  for (const { workload, params } of applications)
    expect(workload.container(params).stamped, workload.id).toBe(true);
  const categories = new Set(chosen.map(({ workload }) => workload.category));
  expect([...categories].toSorted()).toEqual(['app', 'cpu', 'memory', 'startup']);
});

describe('what a run lacks', () => {
  test('blocks, by workload and runtime', () => {
    const { run, trials } = knownRun({ blocks: 5 });
    const lacks = findLacks(run, trials, workloads);
    expect(lacks.neededBlocks).toBe(6);
    const work = { workload: 'memory/sized', params: 'size=16M', runtime: 'runsc', blocks: 5 };
    expect(lacks.works).toContainEqual(work);
    expect(lacks.absent).toEqual([]);
  });

  test('nothing, with enough blocks', () => {
    const { run, trials } = knownRun({ blocks: 6 });
    expect(findLacks(run, trials, workloads)).toMatchObject({ works: [], absent: [], runtimes: [] });
  });

  test('workloads that were not to be measured', () => {
    const { run, trials } = knownRun({ blocks: 6 });
    const subjects = run.subjects.filter(({ workload }) => workload !== 'cpu/at-rest');
    expect(findLacks({ ...run, subjects }, trials, workloads).absent).toEqual(['cpu/at-rest']);
  });

  test('runtimes that were asked for and could not run', () => {
    const { run, trials } = knownRun();
    const gone = {
      ...runtimeFacts('kata', { status: 'unavailable', tookMs: 1, reason: 'no KVM' } as never),
      requested: true,
    };
    const lacks = findLacks({ ...run, runtimes: [...run.runtimes, gone] }, trials, workloads);
    expect(lacks.runtimes).toEqual(['kata']);
    expect(lacks.works).toEqual([]);
  });
});

describe('ocibench capacity measure refuses before it measures', () => {
  const asked = async (world: ScriptedWorld, ...words: readonly string[]) =>
    world.command(['capacity', 'measure', ...words]);

  test.each(['--container', '--for', '--json'])('%s, which is of capacity record', async (flag) => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await asked(world, flag, 'web');
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(`unknown option '${flag}'`);
  });

  test('an engine without Docker', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await asked(world, '--engine', 'containerd');
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('--engine: containerd');
    expect(world.sessions).toEqual([]);
  });
});
