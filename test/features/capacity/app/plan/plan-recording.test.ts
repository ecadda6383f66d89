import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capacityPlanSchema } from '../../../../../src/features/capacity/plan/capacity-plan.ts';
import type { Recording } from '../../../../../src/features/capacity/recording/recording.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { known, knownRun } from '../../overhead/known-run.ts';
import { madeRecording } from '../../recording/made-recording.ts';

const { run, trials } = knownRun({ runtimes: { runc: known.runc, runsc: known.runsc } });
const mebibyte = 2 ** 20;

/** Half a CPU, for ten seconds. */
const recorded = (parts: Partial<Recording> = {}): Recording =>
  madeRecording({
    windowNs: 10e9,
    figures: {
      'cpu.usage': { value: 5e9, source: 'cpu.stat' },
      'memory.current': { value: 900 * mebibyte, source: 'memory.current' },
      'memory.anon': { value: 60 * mebibyte, source: 'memory.stat' },
      'memory.shmem': { value: 3 * mebibyte, source: 'memory.stat' },
      'memory.kernel': { value: mebibyte, source: 'memory.stat' },
    },
    ...parts,
  });

/** A world with a run that knows overheads, and a recording beside services.yaml. */
async function worldWith(recording: Recording, yaml: string): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  const path = join(world.path, 'results', run.runId);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(run));
  await writeFile(join(path, 'schedule.jsonl'), '');
  await writeFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  await mkdir(join(world.path, 'recordings'));
  await writeFile(join(world.path, 'recordings/web.json'), JSON.stringify(recording));
  await writeFile(join(world.path, 'services.yaml'), yaml);
  return world;
}

const services = (more = '') => `
services:
  - { name: web, replicas: 8, recording: recordings/web.json, slo: { utilisation: 50% }${more} }
hosts: [{ name: small, cpus: 8, memory: 8Gi }]
`;
const command = ['capacity', 'plan', 'services.yaml', '--from', run.runId, '--seed', '1', '--draws', '50'];

test('a recording says what a replica uses natively, without page cache', async () => {
  await using world = await worldWith(recorded(), services(', cpu: { ratio: { runsc: 3 } }'));
  const { stdout, stderr, exitCode } = await world.command([...command, '--json']);
  expect(exitCode, stderr).toBe(0);
  const [service] = capacityPlanSchema.parse(JSON.parse(stdout)).services;
  expect(service).toMatchObject({ cpuFrom: 'recording', memoryFrom: 'recording' });
  const [runc, runsc] = service?.runtimes ?? [];
  expect(runc).toMatchObject({ ratioFrom: 'same-kernel', ratio: { estimate: 1 } });
  expect(runc?.cpus?.estimate).toBeCloseTo(0.5 + known.runc.idleCpus, 3);
  expect((runc?.memoryBytes?.estimate ?? 0) / mebibyte).toBeCloseTo(64 + known.runc.outside, 0);
  expect(runsc).toMatchObject({ ratioFrom: 'given', ratio: { estimate: 3 } });
  expect(runsc?.cpus?.estimate).toBeCloseTo(1.5 + known.runsc.idleCpus, 3);
});

test('what is given by hand comes before what was recorded', async () => {
  const given = ', cpu: { usage: 250m, ratio: { runsc: 3 } }, memory: { usage: 1Gi }';
  await using world = await worldWith(recorded(), services(given));
  const { stdout } = await world.command([...command, '--json']);
  const [service] = capacityPlanSchema.parse(JSON.parse(stdout)).services;
  expect(service).toMatchObject({ cpuFrom: 'given', memoryFrom: 'given' });
  expect(service?.runtimes[0]?.cpus?.estimate).toBeCloseTo(0.25 + known.runc.idleCpus, 3);
});

test('a recording says nothing of the CPU time under another kernel', async () => {
  await using world = await worldWith(recorded(), services());
  const { stderr, exitCode } = await world.command(command);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('services.0.cpu.ratio: its CPU time under runsc is unknown');
  expect(stderr).toContain('ocibench move compose.yaml --to runsc');
});

test('a recording of another architecture is refused', async () => {
  const { host } = recorded();
  await using world = await worldWith(recorded({ host: { ...host, arch: 'arm64' } }), services());
  const { stderr, exitCode } = await world.command(command);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('services.0.recording: the recording is from arm64, and run');
});
