import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { lockHolder } from '../../src/core/host/lock/file.ts';
import { stepLimits } from '../../src/core/measure/execute/deadline.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import type { TrialOutcome, TrialRecord } from '../../src/core/model/trial/trial.ts';
import { type ContainerdClient, containerdClient } from '../../src/features/layers/containerd/client.ts';
import { openRealSession } from '../support/app-context.ts';
import { expectApart, watchEngines } from './engine-apart.ts';
import { type Fault, registerFaulty } from './faulty-runtimes.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, wholeLines, workplace } from './support.ts';
import { untilNone } from './until-none.ts';

const limitMs = 4_000;

/** What each fault's record says at this layer, where the runtime's `create` is part of the create call. */
const expected = {
  'create-hangs': { status: 'timed-out', step: 'create', limitMs },
  'start-hangs': { status: 'timed-out', step: 'start', limitMs },
  'create-garbage': { status: 'failed', step: 'create' },
  'start-floods': { status: 'failed', step: 'start' },
  'leaks-outside': { status: 'failed', step: 'remove' },
} as const satisfies Partial<Record<Fault, Partial<TrialOutcome>>>;

describe.skipIf(!canRun)('what goes wrong at the layer of containerd', () => {
  let directory = '';
  let session: Session;
  let client: ContainerdClient;
  let trials = 0;
  let trial: (runtime: string, workload: string) => Promise<TrialRecord>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-e2e-'));
    const faulty = await registerFaulty(directory, Object.keys(expected) as Fault[]);
    const entries: RuntimeEntry[] = [
      { name: 'runc', path: 'runc', origin: 'built-in' },
      { name: 'crun', path: 'crun', origin: 'PATH' },
      { name: 'gone', path: '/nowhere/gone', origin: 'daemon.json' },
      { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
      ...faulty,
    ];
    session = await openRealSession(newRunId(new Date()), 'embedded', entries, ['containerd']);
    client = containerdClient(join(session.scratch ?? '', 'ctr/containerd.sock'));
    const [echo] = (await loadWorkloads()).filter(({ id }) => id === 'startup/echo');
    if (echo === undefined) throw new Error('startup/echo is gone');
    const images = await session.provideImages([echo.image]);
    const calling = (id: string, command: readonly string[], memoryBytes?: number) => ({
      workload: {
        ...echo,
        id,
        container: () => ({
          command,
          timeoutMs: limitMs,
          ...(memoryBytes === undefined ? {} : { memoryBytes }),
        }),
      },
      params: {},
    });
    const run = session.trials({
      images,
      subjects: [
        {
          workload: { ...echo, container: (params) => ({ ...echo.container(params), timeoutMs: limitMs }) },
          params: {},
        },
        calling('startup/missing', ['/no/such/program']),
        calling('startup/deaf', ['/bin/sh', '-c', 'trap "" TERM; while :; do sleep 1; done']),
        calling('startup/greedy', ['/bin/sh', '-c', 'x=x; while :; do x=$x$x; done'], 16 * 2 ** 20),
      ],
      explain: (_, message) => ({ code: 'start-failed', message }),
      interrupt: new AbortController().signal,
      limits: stepLimits(limitMs),
    });
    trial = async (runtime, workload) => {
      const cell = { runtime, profile: 'default', layer: 'containerd' as const, workload, params: '' };
      const { record } = await run(
        { trialId: `t${trials++}`, position: 0, cell },
        { block: 0, phase: 'measure', attempt: 1 },
      );
      return record;
    };
  }, 300_000);
  afterAll(async () => {
    client.close();
    await session[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
    expect(await tracesOf(session.runId, 10_000)).toEqual([]);
  }, 300_000);

  /** What containerd and its directories still hold of trials, once nothing is or 10 s are over. */
  const leftInContainerd = () =>
    untilNone(10_000, async () => {
      const { containers } = await client.call<{ containers: { id: string }[] }>('containers', 'List', {});
      const { tasks } = await client.call<{ tasks: { id: string }[] }>('tasks', 'List', {});
      const snapshots: string[] = [];
      await client.follow('snapshots', 'List', { snapshotter: 'overlayfs' }, (message) => {
        snapshots.push(...(message as { info: { name: string }[] }).info.map(({ name }) => name));
      }).ended;
      const shims = (await engineProcesses(session.scratch ?? '')).filter(({ name }) =>
        name.includes('shim'),
      );
      return [
        ...containers.map(({ id }) => `container ${id}`),
        ...tasks.map(({ id }) => `task ${id}`),
        ...snapshots.filter((name) => !name.startsWith('sha256:')).map((name) => `snapshot ${name}`),
        ...shims.map(({ pid }) => `shim ${pid}`),
      ];
    });

  test.each([
    ['runc', /no such file or directory/],
    ['crun', /No such file or directory/i],
  ])('a missing program under %s: its own error, and nothing is left', async (runtime, said) => {
    const { outcome, leaked } = await trial(runtime, 'startup/missing');
    expect(outcome).toMatchObject({ status: 'failed', step: expect.stringMatching(/^(?:create|start)$/) });
    expect(outcome.status === 'failed' && outcome.error.detail).toMatch(said);
    expect(leaked).toEqual([]);
    expect(await leftInContainerd()).toEqual([]);
  });

  test.each([
    ['gone', 'no program is registered for the runtime gone, or it is not installed'],
    ['kata', 'containerd-shim-kata-v2'],
  ])('a runtime that is not installed (%s): its create fails, and nothing is left', async (runtime, said) => {
    const { outcome } = await trial(runtime, 'startup/echo');
    expect(outcome).toMatchObject({ status: 'failed', step: 'create' });
    expect(outcome.status === 'failed' && outcome.error.detail).toContain(said);
    expect(await leftInContainerd()).toEqual([]);
  });

  test('a program that does not end is killed at the limit', async () => {
    expect((await trial('runc', 'startup/deaf')).outcome).toMatchObject({ status: 'timed-out', step: 'run' });
    expect(await leftInContainerd()).toEqual([]);
  });

  test('a program that takes too much memory is known to have been killed for it', async () => {
    const { oomKilled, exitCode } = await trial('runc', 'startup/greedy');
    expect({ oomKilled, exitCode }).toEqual({ oomKilled: true, exitCode: 137 });
    expect((await trial('runc', 'startup/echo')).oomKilled).not.toBe(true);
  });

  test.each(Object.entries(expected))(
    'a runtime with the fault %s: a record with its step, nothing left, and runc is well after it',
    async (fault, outcome) => {
      expect((await trial(fault, 'startup/echo')).outcome).toMatchObject(outcome);
      expect(await leftInContainerd()).toEqual([]);
      expect((await trial('runc', 'startup/echo')).outcome).toEqual({ status: 'ok' });
      expect(await session.lost()).toBeNull();
    },
    120_000,
  );
});

/** Process id of the layer's own containerd; null where there is none. */
async function pidOfLayer(runId: string): Promise<number | null> {
  for (const { name, pid } of await engineProcesses(scratchPath(runId))) {
    if (name !== 'containerd') continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('/ctr/containerd.toml')) return pid;
  }
  return null;
}

describe.skipIf(!canRun)('a run at the layer of containerd that is struck', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  const most = 4;
  type Strike = (runId: string, harness: number) => Promise<boolean>;

  /** Starts a run, and strikes once it has some trials, and again once it has more. `hits`: how often it was there to be struck. */
  async function struck(...strikes: readonly Strike[]) {
    const lock = join(place.path, 'lock');
    const child = ocibench(
      [
        'run',
        '--set',
        'report=false',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--layers',
        'containerd',
        '--runtimes',
        'runc,crun',
        '--set',
        'seed=7',
        '--workloads',
        'startup/echo',
        '--blocks',
        `${most}..${most}`,
        '--set',
        'stepLimit=3s',
        '--set',
        'progress=false',
      ],
      place.path,
      { OCIBENCH_LOCK: lock },
    );
    const watched = watchEngines(place.path, child);
    let isOver = false;
    const ended = child.then((result) => {
      isOver = true;
      return result;
    });
    let runId: string | null = null;
    let hits = 0;
    let enough = 4;
    while (!isOver && hits < strikes.length) {
      await sleep(10);
      runId = (await lockHolder(lock))?.by?.runId ?? runId;
      if (runId === null) continue;
      const trials = await wholeLines(join(place.path, 'results', runId, 'trials.jsonl'));
      if (trials.length < enough || !(await strikes[hits]?.(runId, child.pid ?? 0))) continue;
      hits++;
      enough = trials.length + 3;
    }
    const result = await ended;
    if (runId === null) throw new Error(`no run was seen: ${result.stderr}`);
    return { hits, runId, result, seen: await watched };
  }

  const kill = (signal: NodeJS.Signals) => async (runId: string) => {
    const pid = await pidOfLayer(runId);
    if (pid !== null) process.kill(pid, signal);
    return pid !== null;
  };
  const trialsOf = async (runId: string): Promise<TrialRecord[]> =>
    (await wholeLines(join(place.path, 'results', runId, 'trials.jsonl'))).map((line) => JSON.parse(line));

  test('SIGKILL and SIGSTOP of its containerd: a new one is started each time, and all trials are there', async () => {
    const { hits, runId, result, seen } = await struck(kill('SIGKILL'), kill('SIGSTOP'));
    expect(hits).toBe(2);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr.match(/the engine was lost: /g)).toHaveLength(2);
    expect(result.stderr).toContain('the containerd of the layer did not answer within 5 s');
    const ended = (await trialsOf(runId)).filter(({ outcome }) => outcome.status !== 'interrupted');
    expect(ended.map(({ outcome }) => outcome.status)).toEqual(Array(2 + most * 3).fill('ok'));
    expect(seen.marks.runs).toEqual([runId]);
    await expectApart(seen, 20_000);
  }, 300_000);

  test('SIGKILL of the harness: nothing runs, and nothing is left', async () => {
    const { hits, runId, result, seen } = await struck(async (_, harness) =>
      process.kill(harness, 'SIGKILL'),
    );
    expect(hits).toBe(1);
    expect(result.signal).toBe('SIGKILL');
    expect(seen.marks.runs).toEqual([runId]);
    await expectApart(seen, 30_000);
    expect(await readlink(join(place.path, 'results/latest')).catch(() => null)).not.toBe(runId);
  }, 300_000);

  test('SIGKILL of a shim: the run goes on', async () => {
    const { hits, runId, result, seen } = await struck(async (id) => {
      const shim = (await engineProcesses(scratchPath(id))).find(({ name }) =>
        name.startsWith('containerd-shim'),
      );
      try {
        return shim !== undefined && process.kill(shim.pid, 'SIGKILL');
      } catch {
        return false;
      }
    });
    expect(hits).toBe(1);
    expect([0, 1], result.stderr).toContain(result.exitCode);
    const ended = (await trialsOf(runId)).filter(({ outcome }) => outcome.status !== 'interrupted');
    expect(ended).toHaveLength(2 + most * 3);
    expect(ended.filter(({ outcome }) => outcome.status !== 'ok').length).toBeLessThan(2);
    expect(seen.marks.runs).toEqual([runId]);
    await expectApart(seen, 20_000);
  }, 300_000);
});
