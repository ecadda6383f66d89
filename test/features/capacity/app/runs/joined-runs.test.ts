import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identifiedFacts } from '../../../../../src/core/host/facts.ts';
import type { RunRecord } from '../../../../../src/core/model/run.ts';
import { overheadSchema } from '../../../../../src/features/capacity/overhead/overhead-record.ts';
import { capacityPlanSchema } from '../../../../../src/features/capacity/plan/capacity-plan.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun } from '../../overhead/known-run.ts';

const sandboxes = /^memory\/|density/;
const rest = /echo|at-rest/;

/** Stores a part of a run whose overheads are known as a run of this host. */
async function store(
  world: ScriptedWorld,
  runId: string,
  workloads: RegExp,
  change: (run: RunRecord) => RunRecord = (run) => run,
): Promise<void> {
  const { run, trials } = knownRun();
  const subjects = run.subjects.filter(({ workload }) => workloads.test(workload));
  const { id, arch, cpuModel, memoryBytes } = await identifiedFacts();
  const host = { ...run.host, id, arch, cpuModel, memoryBytes };
  const stored = change({ ...run, runId, subjects, host });
  const path = join(world.path, 'results', runId);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(stored));
  await writeFile(join(path, 'schedule.jsonl'), '');
  const own = trials.filter(({ cell }) => workloads.test(cell.workload));
  await writeFile(join(path, 'trials.jsonl'), own.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
}

const [old, young] = ['20250101-000000-0001', '20250102-000000-0002'];
const services = `
services: [{ name: web, replicas: 4, cpu: { usage: 1, ratio: { runsc: 2 } }, memory: { usage: 1Gi } }]
hosts: [{ name: small, cpus: 4, memory: 8Gi }]
runtimes: [runc, runsc]
`;

async function worldOfTwo(change?: (run: RunRecord) => RunRecord): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  await store(world, old, sandboxes);
  await store(world, young, rest, change);
  await writeFile(join(world.path, 'services.yaml'), services);
  return world;
}

describe('two runs of this host that together have what is needed', () => {
  test.each([[[]], [['latest']], [[old]]] as const)('make an overhead: %j', async (named) => {
    await using world = await worldOfTwo();
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'overhead', ...named, '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(overheadSchema.parse(JSON.parse(stdout)).runs).toMatchObject([
      { runId: old, parts: ['size', 'count'] },
      { runId: young, parts: ['start', 'idle'] },
    ]);
    expect(stderr).toContain(`the memory of a sandbox and one more sandbox: from run ${old} of `);
    expect(stderr).toContain(
      `the CPU time of a start and the CPU time of an idle sandbox: from run ${young} of `,
    );
  });

  test('make a plan, which says so itself', async () => {
    await using world = await worldOfTwo();
    const asked = ['capacity', 'plan', 'services.yaml', '--json', '--seed', '1', '--draws', '50'];
    const { exitCode, stdout, stderr } = await world.command(asked);
    expect(exitCode, stderr).toBe(0);
    const { notes } = capacityPlanSchema.parse(JSON.parse(stdout));
    expect(notes.map(({ note }) => note).join('\n')).toContain(`from run ${young} of `);
  });

  test('say it in French', async () => {
    await using world = await worldOfTwo();
    const { stderr } = await world.command(['capacity', 'overhead', '--lang', 'fr']);
    expect(stderr).toContain(`de la campagne ${young} du `);
  });
});

test('one run that has all is taken without a word', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, young, /./);
  const { exitCode, stderr } = await world.command(['capacity', 'overhead']);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).not.toContain('from run');
});

const updated = (run: RunRecord): RunRecord => ({ ...run, host: { ...run.host, kernel: '9.9.9' } });

test('a kernel update between the two is named exactly, with what helps', async () => {
  await using world = await worldOfTwo(updated);
  for (const words of [
    ['capacity', 'overhead'],
    ['capacity', 'plan', 'services.yaml'],
  ]) {
    const { exitCode, stderr } = await world.command(words);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toMatch(/host\.kernel: is 9\.9\.9 and was 6\.12\.0 in 20250101-000000-0001/);
    expect(stderr.match(/host\.kernel/g)).toHaveLength(1);
    expect(stderr).toMatch(/fix: measure everything in one run: {2}(sudo )?ocibench capacity measure/);
  }
});

test('after a kernel update the whole run of before is used, and the update is said', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  await store(world, young, rest, updated);
  const { exitCode, stderr, stdout } = await world.command(['capacity', 'overhead', '--json']);
  expect(exitCode, stderr).toBe(0);
  expect(overheadSchema.parse(JSON.parse(stdout)).runs.map(({ runId }) => runId)).toEqual([old]);
  expect(stderr).toContain('host.kernel (6.12.0, now 9.9.9)');
  expect(stderr).toContain(`what follows is from ${old}`);
});

test('a newer run of another host in the directory is left alone', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  await store(world, young, /./, (run) => ({ ...run, host: { ...run.host, id: '00000000000000bb' } }));
  const { stdout, stderr } = await world.command(['capacity', 'overhead', '--json']);
  expect(overheadSchema.parse(JSON.parse(stdout)).runs.map(({ runId }) => runId)).toEqual([old]);
  expect(stderr).not.toContain(young);
});

test('where all runs are of another host, they are joined among themselves', async () => {
  const elsewhere = (run: RunRecord): RunRecord => ({
    ...run,
    host: { ...run.host, id: '00000000000000bb' },
  });
  await using world = await ScriptedWorld.open();
  await store(world, old, sandboxes, elsewhere);
  await store(world, young, rest, elsewhere);
  const { exitCode, stderr } = await world.command(['capacity', 'overhead']);
  expect(exitCode, stderr).toBe(0);
  const { hostname } = knownRun().run.host;
  expect(stderr).toContain(
    `no run of this host has what is needed; what follows is from host ${hostname}, run`,
  );
});

test.each([
  ['capacity', 'capacity measure'],
  ['standard', 'run'],
] as const)('a run of preset %s alone that did not end is not used', async (preset, command) => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./, (run) => ({
    ...run,
    status: 'interrupted',
    config: { ...run.config, preset },
  }));
  for (const words of [
    ['capacity', 'overhead'],
    ['capacity', 'overhead', 'latest'],
    ['capacity', 'plan', 'services.yaml'],
  ]) {
    await writeFile(join(world.path, 'services.yaml'), services);
    const { exitCode, stderr } = await world.command(words);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(`${old}: it is not complete`);
    expect(stderr).toContain(`ocibench ${command} --resume ${old}`);
  }
  expect((await world.command(['capacity', 'overhead', old])).exitCode).toBe(0);
});

test('a run without a runtime that is asked for does not replace an older one with it', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  await store(world, young, /./, (run) => ({
    ...run,
    runtimes: run.runtimes.filter(({ entry }) => entry.name !== 'runsc'),
  }));
  const { exitCode, stderr, stdout } = await world.command([
    'capacity',
    'overhead',
    '--runtimes',
    'runsc',
    '--json',
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(overheadSchema.parse(JSON.parse(stdout)).runs.map(({ runId }) => runId)).toEqual([old]);
  const unknown = await world.command(['capacity', 'overhead', '--runtimes', 'youki']);
  expect(unknown.stderr).toContain('runtimes.youki: the run has no such runtime');
});

describe('a run that cannot be opened', () => {
  test('is left out and said; the next is used', async () => {
    await using world = await ScriptedWorld.open();
    await store(world, old, /./);
    await store(world, young, /./);
    const path = join(world.path, 'results', young);
    await rm(join(path, 'trials.jsonl'));
    const { exitCode, stderr, stdout } = await world.command(['capacity', 'overhead', '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(overheadSchema.parse(JSON.parse(stdout)).runs.map(({ runId }) => runId)).toEqual([old]);
    expect(stderr).toContain(`run ${young} is left out: `);
    const named = await world.command(['capacity', 'overhead', young]);
    expect(named.exitCode, named.stderr).toBe(2);
  });

  test('alone is refused', async () => {
    await using world = await ScriptedWorld.open();
    await store(world, old, /./);
    await rm(join(world.path, 'results', old, 'trials.jsonl'));
    expect((await world.command(['capacity', 'overhead'])).exitCode).toBe(2);
  });

  test('is looked for where it was read: another directory than its id says', async () => {
    await using world = await ScriptedWorld.open();
    await store(world, old, /./);
    await store(world, young, /./);
    const results = join(world.path, 'results');
    await rename(join(results, young), join(results, '20250103-000000-0003'));
    const { exitCode, stderr } = await world.command(['capacity', 'overhead']);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`run ${young} is left out: `);
  });
});

test('an interrupted recording is not joined, and how to go on with it is said', async () => {
  await using world = await worldOfTwo((run) => ({
    ...run,
    status: 'interrupted',
    config: { ...run.config, preset: 'capacity' },
  }));
  const { exitCode, stderr } = await world.command(['capacity', 'overhead']);
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toContain(`because run ${young} is not complete`);
  expect(stderr).toContain(`ocibench capacity measure --resume ${young}`);
});

test('a run that cannot be read is left out', async () => {
  await using world = await worldOfTwo();
  const path = join(world.path, 'results', '20250103-000000-0003');
  await mkdir(path);
  await writeFile(join(path, 'run.json'), '{"schemaVersion": 99}');
  expect((await world.command(['capacity', 'overhead'])).exitCode).toBe(0);
});
