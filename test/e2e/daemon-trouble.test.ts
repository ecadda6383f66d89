import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { runPreflights } from '../../src/app/measure/preflights.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { connectDocker } from '../../src/core/engine/docker/engine.ts';
import { type ContainerEngine, EngineError } from '../../src/core/engine/engine.ts';
import { OcibenchError } from '../../src/core/model/failure/error.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { type DockerProxy, dockerProxy, type Fault } from '../docker-proxy.ts';
import { openRealSession as openSession } from '../support/app-context.ts';
import { type PrivateDockerd, privateDockerd } from './private-dockerd.ts';
import { canRun, nightly, ocibench } from './support.ts';

const limit = 600_000;

interface Outcome {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly id: string;
}

async function outcomeOf(place: string): Promise<Outcome> {
  const [id = ''] = (await readdir(join(place, 'results'))).filter((name) => name !== 'latest');
  const read = (name: string) => readFile(join(place, 'results', id, name), 'utf8');
  const lines = (await read('trials.jsonl')).trim().split('\n');
  return { id, run: JSON.parse(await read('run.json')), trials: lines.map((line) => JSON.parse(line)) };
}

async function linesOf(place: string): Promise<number> {
  const [id] = await readdir(join(place, 'results')).catch(() => []);
  const file = join(place, 'results', id ?? '', 'trials.jsonl');
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

describe.skipIf(!canRun)('trouble with a daemon that is not ours', () => {
  let directory = '';
  let daemon: PrivateDockerd;
  let proxy: DockerProxy;
  let socket = '';
  let direct: ContainerEngine;
  let places = 0;

  beforeAll(async () => {
    // Not /tmp, which may be an overlay or memory: overlay2 needs a file system below it.
    directory = await mkdtemp('/var/tmp/oci-trouble-');
    daemon = await privateDockerd(join(directory, 'engine'));
    socket = join(directory, 'proxy.sock');
    proxy = await dockerProxy(socket, daemon.socket);
    direct = await connectDocker(
      { socketPath: daemon.socket },
      {
        kind: 'docker',
        endpoint: `unix://${daemon.socket}`,
        transport: 'unix',
      },
    );
  }, limit);
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await daemon[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }, limit);

  const newPlace = async () => {
    const path = join(directory, `place${places++}`);
    await mkdir(path);
    return path;
  };
  const small = ['--workloads', 'startup/echo', '--runtimes', 'runc', '--set', 'seed=5'];
  const command = (place: string, at: string, ...args: string[]) =>
    ocibench(['run', '--set', 'report=false', '--out', place, ...args], place, {
      DOCKER_HOST: `unix://${at}`,
    });
  const start = (place: string, at: string, blocks = 3) =>
    command(place, at, '--engine', 'docker', ...small, '--blocks', `${blocks}..${blocks}`);

  /** Goes on with a run that its engine's loss has ended, as its last words say. */
  async function goOn(place: string, at: string, ended: Awaited<ReturnType<typeof start>>) {
    if (ended.exitCode !== 3) return ended;
    const { id, run } = await outcomeOf(place);
    expect(run).toMatchObject({ status: 'interrupted', stopReason: 'engine-lost' });
    expect(ended.stderr).toContain(`ocibench run --resume ${id}`);
    return command(place, at, '--resume', id);
  }

  /** Nothing that was recorded is lost, nothing is recorded twice, and all that is scheduled is there. */
  function expectWhole({ run, trials }: Outcome, blocks = 3): void {
    expect(run.status).toBe('complete');
    const ok = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ trialId }) => trialId);
    expect(new Set(ok).size).toBe(ok.length);
    expect(ok).toHaveLength(1 + 2 * blocks);
    for (const { outcome } of trials)
      if (outcome.status !== 'ok')
        expect(outcome).toEqual({
          status: 'interrupted',
          reason: expect.any(String),
          messages: { reason: expect.objectContaining({ id: expect.any(String) }) },
        });
  }

  const restarts = [
    ['SIGTERM', {}],
    ['SIGKILL', { 'live-restore': true }],
    ...(nightly ? [['SIGKILL', {}] as const, ['SIGTERM', { 'live-restore': true }] as const] : []),
  ] as const;
  test.each(restarts)(
    'a restart in mid-run (%s, settings %j) costs the trial in flight, which is tried again',
    async (signal, settings) => {
      await daemon.restart(settings);
      const place = await newPlace();
      const running = start(place, daemon.socket);
      await until(async () => (await linesOf(place)) >= 3);
      await daemon.kill(signal);
      const ended = await running;
      expect(ended.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
      const result = await goOn(place, daemon.socket, ended);
      expect(result.exitCode, result.stderr).toBe(0);
      const outcome = await outcomeOf(place);
      expectWhole(outcome);
      process.stdout.write(
        `restart ${signal} ${JSON.stringify(settings)} | ${outcome.trials.flatMap((t) => (t.outcome.status === 'interrupted' ? [t.outcome.reason] : [])).join('; ')}\n`,
      );
    },
    limit,
  );

  // It is waited for for a minute; what is done then is also in test/commands/losses.test.ts.
  test.skipIf(!nightly)(
    'a daemon that stays away ends the run with its state saved; it goes on where it was',
    async () => {
      const place = await newPlace();
      const running = start(place, daemon.socket);
      await until(async () => (await linesOf(place)) >= 3);
      await daemon.kill('SIGKILL', { down: true });
      const ended = await running;
      expect(ended.exitCode, ended.stderr).toBe(3);
      expect(ended.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
      await daemon.up();
      const result = await goOn(place, daemon.socket, ended);
      expect(result.exitCode, result.stderr).toBe(0);
      expectWhole(await outcomeOf(place));
      expect(await direct.ourContainers()).toEqual([]);
    },
    2 * limit,
  );

  test(
    'a slow API makes a slow run',
    async () => {
      const place = await newPlace();
      proxy.inject(() => ({ delayMs: 40 }));
      const result = await start(place, socket, 1);
      expect(result.exitCode, result.stderr).toBe(0);
      expectWhole(await outcomeOf(place), 1);
    },
    limit,
  );

  const old = { ApiVersion: '1.24', Version: '1.12.6' };
  test.each([
    [
      'an API that is too old',
      '/version',
      (answer: object) => ({ ...answer, ...old }),
      /1\.12\.6 speaks API 1\.24/,
    ],
    [
      'an answer without the cgroup driver',
      '/info',
      ({ CgroupDriver: _, ...rest }: Record<string, unknown>) => rest,
      /lacks CgroupDriver/,
    ],
  ])('%s is refused with what is needed', async (_, path, rewrite, message) => {
    const place = await newPlace();
    proxy.inject((call) => (call.path === path ? { rewrite } : undefined));
    const result = await start(place, socket);
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toContain('Docker 20.10');
    expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
  });

  /** By day one: the calls of a second one are those of the first. */
  const runtimes = nightly ? 2 : 1;

  /** A session, its image, and a trial of each runtime, as every run begins. */
  async function begin(interrupt = new AbortController()): Promise<readonly string[]> {
    const workload = (await loadWorkloads()).find(({ id }) => id === 'startup/echo');
    if (workload === undefined) throw new Error('startup/echo is missing');
    await using session = await openSession(newRunId(new Date()), 'docker', []);
    const images = await session.provideImages([workload.image]);
    await session.engine.runtimes();
    await session.engine.otherContainers();
    const entry = { name: 'runc', path: 'runc', origin: 'engine' as const };
    const found = await runPreflights({
      session,
      entries: Array.from({ length: runtimes }, () => ({ ...entry })),
      requested: null,
      workload,
      idle: workload,
      images,
      explain: (_, message) => ({ code: 'start-failed', message }),
      daemonJson: null,
      limitOf: () => 3_000,
      interrupt: interrupt.signal,
    });
    return found.map(({ preflight }) =>
      preflight.status === 'available' ? 'available' : `unavailable: ${preflight.error}`,
    );
  }

  test(
    'a container that is still being created when its trial is given up is not left',
    async () => {
      process.env.DOCKER_HOST = `unix://${socket}`;
      try {
        const interrupt = new AbortController();
        proxy.inject(({ path }) => {
          if (path !== '/containers/create') return undefined;
          setTimeout(() => interrupt.abort(), 50);
          return { lateMs: 300 };
        });
        await begin(interrupt);
        // No other request of the same run may be what removes it.
        proxy.inject(() => undefined);
        await proxy.settled();
        await expect.poll(() => direct.ourContainers(), { timeout: 60_000 }).toEqual([]);
      } finally {
        delete process.env.DOCKER_HOST;
      }
    },
    limit,
  );

  test.each([
    ['is answered with 500', { status: 500 }],
    ['is cut off in the answer', { cut: true }],
  ] as [string, Fault][])(
    'whichever call %s: a reason, no exception of another kind, no container left',
    async (_, fault) => {
      process.env.DOCKER_HOST = `unix://${socket}`;
      try {
        proxy.inject(() => undefined);
        expect(await begin()).toEqual(Array(runtimes).fill('available'));
        const all = proxy.calls.length;
        const ends: string[] = [];
        for (let number = 1; number <= all; number++) {
          let what = '';
          proxy.inject((call) => {
            if (call.number !== number) return undefined;
            what = `${call.method} ${call.path}`;
            return fault;
          });
          const end = await begin().catch((error: unknown) => {
            expect(
              [OcibenchError, EngineError].some((kind) => error instanceof kind),
              String(error),
            ).toBe(true);
            return [`error: ${(error as Error).message.split('\n')[0]}`];
          });
          // What the connection does to the output is never the runtime's.
          expect(end.join(), what).not.toContain('expected the line');
          ends.push(`${number} ${what.replace(/[0-9a-f]{64}/, 'ID')} | ${end.join(', ')}`);
          proxy.inject(() => undefined);
          expect(await direct.ourContainers(), what).toEqual([]);
        }
        process.stdout.write(`${ends.join('\n')}\n`);
        expect(all).toBeGreaterThan(5 + 5 * runtimes);
      } finally {
        delete process.env.DOCKER_HOST;
      }
    },
    limit,
  );
});
