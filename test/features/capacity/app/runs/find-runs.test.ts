import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identifiedFacts } from '../../../../../src/core/host/facts.ts';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import { overheadSchema } from '../../../../../src/features/capacity/overhead/overhead-record.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun } from '../../overhead/known-run.ts';

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

const ofRun = (stdout: string) => overheadSchema.parse(JSON.parse(stdout)).run.runId;
const updated = (run: RunRecord): RunRecord => ({ ...run, host: { ...run.host, kernel: '9.9.9' } });
const elsewhere = (run: RunRecord): RunRecord => ({ ...run, host: { ...run.host, id: '00000000000000bb' } });

test.each([[[]], [['latest']]] as const)(
  'the newest run that has all is taken without a word: %j',
  async (named) => {
    await using world = await ScriptedWorld.open();
    await store(world, old, /./);
    await store(world, young, /./);
    await store(world, '20250103-000000-0003', rest);
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'overhead', ...named, '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(ofRun(stdout)).toBe(young);
    expect(stderr).not.toContain('from run');
  },
);

test('the run that is named is taken, whatever is newer', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  await store(world, young, /./);
  expect(ofRun((await world.command(['capacity', 'overhead', old, '--json'])).stdout)).toBe(old);
});

test('where no run has all, what the newest of this host lacks is named, with what helps', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, rest, updated);
  await writeFile(join(world.path, 'services.yaml'), services);
  for (const words of [
    ['capacity', 'overhead'],
    ['capacity', 'plan', 'services.yaml'],
  ]) {
    const { exitCode, stderr } = await world.command(words);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('memory/sized, memory/idle, startup/density: not measured');
    expect(stderr).toMatch(/fix: measure what is needed: {2}(sudo )?ocibench capacity measure/);
  }
});

test('a newer run of another host in the directory is left alone', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  await store(world, young, /./, elsewhere);
  const { stdout, stderr } = await world.command(['capacity', 'overhead', '--json']);
  expect(ofRun(stdout)).toBe(old);
  expect(stderr).not.toContain(young);
});

test('where all runs are of another host, the newest of them is taken, and said', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./, elsewhere);
  await store(world, young, rest);
  const { exitCode, stderr, stdout } = await world.command(['capacity', 'overhead', '--json']);
  expect(exitCode, stderr).toBe(0);
  expect(ofRun(stdout)).toBe(old);
  const { hostname } = knownRun().run.host;
  expect(stderr).toContain(
    `no run of this host has what is needed; what follows is from host ${hostname}, run ${old}`,
  );
});

test('a run alone that did not end is not used unless it is named', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./, (run) => ({ ...run, status: 'interrupted' }));
  for (const words of [
    ['capacity', 'overhead'],
    ['capacity', 'overhead', 'latest'],
    ['capacity', 'plan', 'services.yaml'],
  ]) {
    await writeFile(join(world.path, 'services.yaml'), services);
    const { exitCode, stderr } = await world.command(words);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(`${old}: it is not complete`);
    expect(stderr).toContain(`ocibench run --resume ${old}`);
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
  const asked = ['capacity', 'overhead', '--runtimes', 'runsc', '--json'];
  const { exitCode, stderr, stdout } = await world.command(asked);
  expect(exitCode, stderr).toBe(0);
  expect(ofRun(stdout)).toBe(old);
  const unknown = await world.command(['capacity', 'overhead', '--runtimes', 'youki']);
  expect(unknown.stderr).toContain('runtimes.youki: the run has no such runtime');
});

test('a run that cannot be read is left out', async () => {
  await using world = await ScriptedWorld.open();
  await store(world, old, /./);
  const path = join(world.path, 'results', '20250103-000000-0003');
  await mkdir(path);
  await writeFile(join(path, 'run.json'), '{"schemaVersion": 99}');
  expect((await world.command(['capacity', 'overhead'])).exitCode).toBe(0);
});
