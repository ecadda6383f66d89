import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capacityPlanSchema } from '../../../src/features/capacity/plan/capacity-plan.ts';
import type { Features } from '../../../src/features/capacity/predict/prediction.ts';
import type { Recording } from '../../../src/features/capacity/recording/recording.ts';
import { known, knownRun as knownOverheads } from '../../features/capacity/overhead/known-run.ts';
import {
  knownRun,
  recordingOf,
  storeKnownRun,
  subjectNs,
} from '../../features/capacity/predict/known-run.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';

const { runId } = knownRun().run;
const { run: overheads, trials } = knownOverheads({ runtimes: { runc: known.runc, runsc: known.runsc } });
/** A service like the applications of the run: a second of its life on half a CPU. */
const features: Features = { 'call.trap': 60_000, 'call.open': 8000, switches: 500, faults: 20_000 };
const nativeNs = 5e8;

const recorded = (parts: Partial<Recording> = {}, asked = features): Recording =>
  recordingOf(asked, nativeNs, 10, { windowNs: 10e9, ...parts });

/** A world with a run that knows overheads and costs, and a recording beside services.yaml. */
async function worldWith(recording: Recording, yaml: string): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  const results = join(world.path, 'results');
  const path = await storeKnownRun(results, (run) => ({
    ...run,
    subjects: [...run.subjects.filter(({ workload }) => workload !== 'startup/echo'), ...overheads.subjects],
  }));
  await appendFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
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
const command = ['capacity', 'plan', 'services.yaml', '--from', runId, '--seed', '1', '--draws', '50'];

test('a recording says what a replica uses, and the run what that costs elsewhere', async () => {
  await using world = await worldWith(recorded(), services());
  const { stdout, stderr, exitCode } = await world.command([...command, '--json']);
  expect(exitCode, stderr).toBe(0);
  const { services: planned, notes } = capacityPlanSchema.parse(JSON.parse(stdout));
  expect(planned[0]).toMatchObject({ cpuFrom: 'recording', memoryFrom: 'recording' });
  const [runc, runsc] = planned[0]?.runtimes ?? [];
  expect(runc).toMatchObject({ ratioFrom: 'same-kernel', ratio: { estimate: 1 } });
  expect(runc?.cpus?.estimate).toBeCloseTo(nativeNs / 1e9 + known.runc.idleCpus, 3);
  expect(runsc?.ratioFrom).toBe('predicted');
  const truth = subjectNs(nativeNs, features) / nativeNs;
  expect(Math.abs((runsc?.ratio?.estimate ?? 0) / truth - 1)).toBeLessThan(0.25);
  // Five applications give no interval, also not at 90 %.
  expect(runsc?.ratio?.low).toBe(runsc?.ratio?.high);
  expect(notes.map(({ note }) => note).join(' ')).toContain('web: the CPU time under runsc has no interval');
});

test('what is given by hand needs no prediction', async () => {
  await using world = await worldWith(recorded(), services(', cpu: { ratio: { runsc: 3 } }'));
  const { stdout } = await world.command([...command, '--json']);
  const [service] = capacityPlanSchema.parse(JSON.parse(stdout)).services;
  expect(service?.cpuFrom).toBe('recording');
  expect(service?.runtimes[1]).toMatchObject({ ratio: { estimate: 3 }, ratioFrom: 'given' });
});

test('what cannot be predicted is refused under that runtime, and planned under the others', async () => {
  const unseen = { ...features, 'call.futex': 500_000 };
  await using world = await worldWith(recorded({}, unseen), services());
  const { stdout, exitCode } = await world.command([...command, '--json']);
  expect(exitCode).toBe(1);
  const plan = capacityPlanSchema.parse(JSON.parse(stdout));
  expect(plan.runtimes.map(({ best, refused }) => [best, refused])).toEqual([
    [0, []],
    [null, ['web']],
  ]);
  expect(plan.services[0]?.runtimes[1]?.refusals.length).toBeGreaterThan(0);
  const table = await world.command(command);
  expect(table.stdout).toContain('What cannot be planned');
});

test('a recording of another kernel is refused', async () => {
  const { host } = recorded();
  await using world = await worldWith(
    recorded({ host: { ...host, kernel: '5.4.0', arch: 'arm64' } }),
    services(),
  );
  const { stderr, exitCode } = await world.command(command);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('services.0.recording: the recording is from arm64, and run');
  expect(stderr).toContain('web.json: host.kernel: is 5.4.0, but 6.12.0 in');
});

test('a run without applications says what it lacks, once', async () => {
  await using world = await worldWith(
    recorded(),
    services().replace('hosts:', '  - { name: other, replicas: 8, recording: recordings/web.json }\nhosts:'),
  );
  // Without it there is no run to take the applications from.
  await rm(join(world.path, 'results', runId), { recursive: true });
  const lacking = join(world.path, 'results', overheads.runId);
  await mkdir(lacking);
  await writeFile(join(lacking, 'run.json'), JSON.stringify(overheads));
  await writeFile(join(lacking, 'schedule.jsonl'), '');
  await writeFile(
    join(lacking, 'trials.jsonl'),
    trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''),
  );
  const { stderr, exitCode } = await world.command([
    'capacity',
    'plan',
    'services.yaml',
    '--from',
    overheads.runId,
  ]);
  expect(exitCode).toBe(2);
  const said = stderr.split('\n').filter((line) => line.startsWith(overheads.runId));
  expect(said.length).toBeGreaterThan(0);
  expect(said).toEqual([...new Set(said)]);
});
