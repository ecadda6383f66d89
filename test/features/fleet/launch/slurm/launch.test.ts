import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFlags, type RunFlags } from '../../../../../src/core/config/command-line.ts';
import type { Cluster } from '../../../../../src/features/fleet/launch/slurm/cluster.ts';
import {
  type FleetSlurmFlags,
  launchOnSlurm,
} from '../../../../../src/features/fleet/launch/slurm/launch.ts';
import type { QueuedJob } from '../../../../../src/features/fleet/launch/slurm/queue.ts';
import { recorder, testContext } from '../../../../support/app-context.ts';

let place: string;
let out: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-fleet-'));
  out = join(place, 'fleet');
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** Time passes when somebody sleeps. */
function passingClock() {
  let now = 0;
  return {
    now: () => now,
    date: () => new Date('2026-01-01T00:00:00Z'),
    async sleep(ms: number) {
      now += ms;
    },
  };
}

/** A job ends as its attempt's exit file says. */
async function endsWith(host: string, job: string, exitCode: number): Promise<void> {
  await mkdir(join(out, host, `job-${job}-0`), { recursive: true });
  await writeFile(join(out, host, `job-${job}-0/exit`), `${exitCode}\n`);
  await writeFile(join(out, host, `job-${job}.log`), `first\nit ended with ${exitCode}\n\n`);
}

/** A Slurm of three nodes, in which each look at the queue is one step of a script. */
function scriptedCluster(steps: readonly (readonly QueuedJob[] | { readonly refused: string })[]) {
  const done: string[] = [];
  let at = 0;
  const cluster: Cluster = {
    expand: async (hosts) => hosts.split(','),
    nodes: async (partition) =>
      partition === 'p' ? ['n1', 'n2', 'n3'].map((name) => ({ name, state: 'idle', reason: 'none' })) : [],
    async submit({ host }) {
      done.push(`submit ${host}`);
      return host === 'n9'
        ? { refused: 'Batch job submission failed: Invalid node name specified' }
        : host.slice(1);
    },
    jobs: async () => steps[Math.min(at++, steps.length - 1)] ?? [],
    async cancel(jobs) {
      done.push(...jobs.map(({ id }) => `cancel ${id}`));
    },
  };
  return { cluster, done };
}

const job = (id: string, state: string, reason = 'None'): QueuedJob => ({
  id,
  state,
  host: `n${id}`,
  reason,
});

async function launch(
  cluster: Cluster,
  flags: Partial<FleetSlurmFlags> = {},
  parts: Parameters<typeof testContext>[0] = {},
  run: RunFlags = {},
) {
  const reporter = recorder();
  const app = testContext({ reporter, clock: passingClock(), ...parts });
  const asked = { deadline: '1h', partition: 'p', hosts: 'n1,n2', out, ...flags };
  const result = await launchOnSlurm(app, asked, { words: [], ...parseFlags(run) }, cluster);
  return { ...result, said: reporter.said };
}

const states = ({ ends }: { readonly ends: readonly { readonly host: string; readonly state: string }[] }) =>
  ends.map(({ host, state }) => `${host} ${state}`);

test('each host ends as its run did; Slurm may be silent for a while', async () => {
  await endsWith('n1', '1', 0);
  await endsWith('n2', '2', 3);
  const { cluster } = scriptedCluster([
    [job('1', 'PENDING', 'Resources'), job('2', 'RUNNING')],
    { refused: 'Unable to contact slurm controller (connect failure)' },
    [job('1', 'PENDING', 'Resources'), job('2', 'PENDING', 'BeginTime')],
    [job('1', 'RUNNING'), job('2', 'FAILED', 'NonZeroExitCode')],
    // Slurm forgets jobs after some minutes.
    [],
  ]);
  const { ends, said } = await launch(cluster, { hosts: 'n1,n2,n9' });
  expect(states({ ends })).toEqual(['n1 ran', 'n2 failed', 'n9 failed']);
  expect(ends[1]?.why?.text).toBe(
    `ocibench exited with code 3; ${join(out, 'n2/job-2.log')} ends with: it ended with 3`,
  );
  expect(ends[2]?.why?.text).toContain('Invalid node name specified');
  expect(said).toContain('log: n1: job 1 waits: Resources');
  expect(said).toContain('log: n2: job 2 restarts; Slurm says: BeginTime');
  expect(said.filter((line) => line.includes('does not answer'))).toHaveLength(1);
});

test('every host gets one script and one seed', async () => {
  await endsWith('n1', '1', 0);
  await endsWith('n2', '2', 0);
  const { cluster } = scriptedCluster([[job('1', 'COMPLETED'), job('2', 'COMPLETED')]]);
  await launch(cluster, { time: '90s', program: '/shared/ocibench' });
  const script = await readFile(join(out, 'fleet-slurm.sh'), 'utf8');
  expect(script).toMatch(/\/shared\/ocibench run --set wait=true --set progress=false "\$@" &/);
  expect(script).toMatch(/measure --out "\$here" --set seed=\d+\n/);
  expect(JSON.parse(await readFile(join(out, 'fleet-slurm.json'), 'utf8')).minutes).toBe(2);
});

test('a job that does not begin in time is given up, with the reason; one that runs has no such limit', async () => {
  await endsWith('n2', '2', 0);
  const wait = [job('1', 'PENDING', 'ReqNodeNotAvail'), job('2', 'RUNNING')];
  const steps = [...Array.from({ length: 40 }, () => wait), [job('1', 'CANCELLED'), job('2', 'COMPLETED')]];
  const { cluster, done } = scriptedCluster(steps);
  const { ends } = await launch(cluster, { deadline: '1m' });
  expect(states({ ends })).toEqual(['n1 given-up', 'n2 ran']);
  expect(ends[0]?.why?.text).toMatch(/job 1 did not start within 1 min and was cancelled: ReqNodeNotAvail/);
  expect(done.filter((each) => each.startsWith('cancel'))).toEqual(['cancel 1']);
});

test.each([
  ['COMPLETED', /wrote nothing below .*: the nodes must share that directory/],
  ['NODE_FAIL', /ended with state NODE_FAIL \(NodeDown\)/],
  ['TIMEOUT', /ended with state TIMEOUT/],
  ['CANCELLED', /was cancelled/],
])('a job that left no end of its own: %s', async (state, said) => {
  const { cluster } = scriptedCluster([[job('1', state, 'NodeDown')]]);
  const { ends } = await launch(cluster, { hosts: 'n1' });
  expect(ends[0]?.why?.text).toMatch(said);
});

test('root may be refused by the site', async () => {
  const { cluster } = scriptedCluster([[]]);
  const refused = {
    ...cluster,
    submit: async () => ({ refused: 'Batch job submission failed: Invalid user id' }),
  };
  const { ends } = await launch(refused, { hosts: 'n1' });
  expect(ends[0]?.why?.text).toContain('-- --engine docker');
});

/** Interrupted at the first sleep. */
function interrupting(hungUp: boolean) {
  const controller = new AbortController();
  const clock = passingClock();
  return {
    clock: {
      ...clock,
      async sleep(ms: number) {
        controller.abort();
        await clock.sleep(ms);
      },
    },
    interrupts: () => ({
      signal: controller.signal,
      hungUp: () => hungUp,
      [Symbol.dispose]: () => undefined,
    }),
  };
}

test('Ctrl-C ends the jobs that Slurm lists for this launch, and no others', async () => {
  await endsWith('n1', '1', 130);
  // Job 77 of that name is nobody's that this launch submitted.
  const running = [job('1', 'RUNNING'), job('2', 'PENDING'), job('77', 'RUNNING')];
  const { cluster, done } = scriptedCluster([running, running, [job('1', 'FAILED'), job('2', 'CANCELLED')]]);
  const { ends, interrupted, detached } = await launch(cluster, {}, interrupting(false));
  expect(done.filter((each) => each.startsWith('cancel'))).toEqual(['cancel 1', 'cancel 2']);
  expect(states({ ends })).toEqual(['n1 interrupted', 'n2 interrupted']);
  expect([interrupted, detached]).toEqual([true, false]);
});

test('a terminal that is gone ends nothing; --continue submits what was not, and takes over what was', async () => {
  const running = [job('1', 'RUNNING'), job('2', 'RUNNING')];
  const first = scriptedCluster([running]);
  const { detached, ends } = await launch(first.cluster, {}, interrupting(true));
  expect([detached, ends]).toEqual([true, []]);
  expect(first.done).toEqual(['submit n1', 'submit n2']);
  // As if it had been killed before it wrote these two down, and had submitted only the second.
  const file = join(out, 'fleet-slurm.json');
  const state = JSON.parse(await readFile(file, 'utf8'));
  for (const host of state.hosts) host.job = null;
  await writeFile(file, JSON.stringify(state));
  await endsWith('n1', '1', 0);
  await endsWith('n2', '2', 0);
  const second = scriptedCluster([[job('2', 'RUNNING')], [job('1', 'COMPLETED'), job('2', 'COMPLETED')]]);
  const again = await launch(second.cluster, { continue: out });
  expect(second.done).toEqual(['submit n1']);
  expect(states(again)).toEqual(['n1 ran', 'n2 ran']);
});

test('a terminal that goes while Slurm answers ends nothing either', async () => {
  const { cluster, done } = scriptedCluster([[job('1', 'PENDING'), job('2', 'RUNNING')]]);
  const gone = new AbortController();
  const answering: Cluster = {
    ...cluster,
    jobs: async (name) => {
      gone.abort();
      return cluster.jobs(name);
    },
  };
  const interrupts = () => ({ signal: gone.signal, hungUp: () => true, [Symbol.dispose]: () => undefined });
  const { detached, ends } = await launch(answering, {}, { interrupts });
  expect([detached, ends]).toEqual([true, []]);
  expect(done).toEqual(['submit n1', 'submit n2']);
});

test('--continue asks again for what Slurm refused', async () => {
  await endsWith('n1', '1', 0);
  await endsWith('n2', '2', 0);
  const { cluster } = scriptedCluster([[job('1', 'COMPLETED')]]);
  const submit: Cluster['submit'] = async (submission) =>
    submission.host === 'n2' ? { refused: 'node is not available' } : cluster.submit(submission);
  expect(states(await launch({ ...cluster, submit }))).toEqual(['n1 ran', 'n2 failed']);
  const still = await launch({ ...cluster, submit }, { continue: out });
  expect(states(still)).toEqual(['n1 ran', 'n2 failed']);
  const second = scriptedCluster([[job('1', 'COMPLETED')], [job('1', 'COMPLETED'), job('2', 'COMPLETED')]]);
  const again = await launch(second.cluster, { continue: out });
  expect(second.done).toEqual(['submit n2']);
  expect(states(again)).toEqual(['n1 ran', 'n2 ran']);
});

test('what cannot be is said before anything is written', async () => {
  const { cluster, done } = scriptedCluster([[]]);
  const wrong = launch(cluster, { time: 'soon', deadline: '-1' }, {}, { out: 'x' });
  await expect(wrong).rejects.toMatchObject({ exitCode: 2 });
  const { problems } = await wrong.catch((error) => error);
  expect(problems.map(({ key }: { key: string }) => key)).toEqual(['--out', '--time', '--deadline']);
  await expect(launch(cluster, { partition: 'q' })).rejects.toMatchObject({ exitCode: 2 });
  await expect(launch(cluster, { hosts: '../n1,n2' })).rejects.toMatchObject({ exitCode: 2 });
  await expect(launch(cluster, { continue: place })).rejects.toMatchObject({ exitCode: 2 });
  await expect(readFile(join(out, 'fleet-slurm.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(done).toEqual([]);
});

test('a launch that somebody changed is not followed', async () => {
  await mkdir(out);
  const state = {
    format: 'ocibench fleet slurm 1',
    name: 'ocibench-x',
    hosts: [{ host: '../etc', job: '1' }],
  };
  await writeFile(join(out, 'fleet-slurm.json'), JSON.stringify(state));
  const { cluster } = scriptedCluster([[]]);
  await expect(launch(cluster, { continue: out })).rejects.toMatchObject({ exitCode: 2 });
});
