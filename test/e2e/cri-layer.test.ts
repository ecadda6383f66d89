import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { findProgramNow } from '../../src/core/files/programs.ts';
import { lockHolder } from '../../src/core/host/lock/file.ts';
import { stepLimits } from '../../src/core/measure/execute/deadline.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { type ContainerdClient, containerdClient } from '../../src/features/layers/containerd/client.ts';
import { openRealSession } from '../support/app-context.ts';
import { registerFaulty } from './faulty-runtimes.ts';
import { listFailures } from './latest-run.ts';
import { blocks, type LayeredRun, layeredRun } from './measured-layers.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, wholeLines, workplace } from './support.ts';
import { untilNone } from './until-none.ts';

/** gVisor's shim for pods, which Debian's package does not bring. */
const hasPodShim = findProgramNow('containerd-shim-runsc-v1') !== null;
const started = ['runc', 'crun', ...(hasPodShim ? ['runsc'] : [])];

describe.skipIf(!canRun)('a run with pods beside Docker and containerd', () => {
  let result: LayeredRun;
  let run: RunRecord;
  let trials: readonly TrialRecord[];

  beforeAll(async () => {
    result = await layeredRun();
    ({ run, trials } = result);
  }, 900_000);
  const at = (layer: string, workload = 'startup/echo') =>
    trials.filter(({ cell }) => cell.layer === layer && cell.workload === workload);

  test('every pod of every runtime does its work', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(run.layerVersions).toHaveProperty('cri');
    expect(listFailures(trials)).toEqual([]);
    for (const block of Array.from({ length: blocks + 1 }, (_, index) => index)) {
      const own = at('cri').filter((trial) => trial.block === block);
      // The warm-up has no second arm of the baseline.
      const arms = block === 0 ? started : [...started, 'runc#2'];
      expect(own.map(({ cell }) => cell.runtime).toSorted()).toEqual(arms.toSorted());
    }
  });

  test('a pod is ready before its container, and all marks are in order', () => {
    for (const { cell, marks } of at('cri'))
      for (const last of ['first-output', 'exit']) {
        const names = ['create-begin', 'pod-ready', 'create-end', 'start-begin', last];
        const times = [...names, 'remove-begin', 'remove-end'].map(
          (name) => marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN,
        );
        expect(times, `${cell.runtime} ${last}`).toEqual(times.toSorted((one, other) => one - other));
      }
    for (const { marks } of at('containerd'))
      expect(marks.map(({ name }) => name)).not.toContain('pod-ready');
  });

  test('what a program prints comes through the log as it is', () => {
    expect(new Set(at('cri').map(({ output }) => output.stdout))).toEqual(new Set(['ocibench\n']));
    const further = (layer: string) =>
      at(layer, 'startup/exec').map(({ outputs }) =>
        Object.values(outputs ?? {}).map(({ stdout }) => stdout),
      );
    expect(further('cri').length).toBeGreaterThanOrEqual((blocks + 1) * started.length);
    for (const outputs of further('cri')) expect(outputs).toEqual(further('docker')[0]);
  });

  test('the container, the pod’s own with its runtime, and containerd are counted apart', () => {
    for (const { trialId, cgroup, engineCpu, leaked } of at('cri')) {
      const trial = `ocibench/${run.runId}/${trialId}`;
      expect(cgroup?.path).toBe(`${trial}/ct`);
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu, trialId).toMatchObject({ cgroups: [`/${trial}/rt`, `/ocibench/${run.runId}/cri`] });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(leaked).toEqual([]);
    }
  });

  test('what the CRI has no words for, and gVisor without its shim, say so', () => {
    const rows = result.summary.filter(({ layer }) => layer === 'cri');
    const notes = (workload: string, runtime: string) =>
      rows
        .filter((row) => row.workload === workload && row.runtime === runtime)
        .map(({ verdict, note }) => `${verdict}: ${note}`);
    expect(notes('startup/pause', 'runc')).toEqual(['unavailable: the CRI cannot pause a container']);
    for (const note of notes('network/http', 'crun')) expect(note).toMatch(/^unavailable: .*CNI/);
    if (!hasPodShim)
      for (const note of notes('startup/echo', 'runsc'))
        expect(note).toMatch(/^unavailable: pods of runsc need containerd-shim-runsc-v1/);
  });

  test('the analysis takes a pod as a branch beside dockerd, on containerd', () => {
    const stack = result.analysis.layers?.find(
      ({ runtime, metric }) => runtime === 'crun' && metric === 'startup.to_output',
    );
    expect(stack?.top).toBe('docker');
    expect(stack?.beside).toEqual([
      expect.objectContaining({ layer: 'cri', adds: expect.objectContaining({ to: 'containerd' }) }),
    ]);
  });
});

describe.skipIf(!canRun)('what goes wrong with a pod', () => {
  const limitMs = 4_000;
  let directory = '';
  let session: Session;
  let client: ContainerdClient;
  let trials = 0;
  let trial: (runtime: string, workload: string) => Promise<TrialRecord>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-e2e-'));
    const faulty = await registerFaulty(directory, ['create-hangs', 'start-hangs', 'create-garbage']);
    const entries: RuntimeEntry[] = [
      { name: 'runc', path: 'runc', origin: 'built-in' },
      { name: 'gone', path: '/nowhere/gone', origin: 'daemon.json' },
      { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
      ...faulty,
    ];
    session = await openRealSession(newRunId(new Date()), 'embedded', entries, ['cri']);
    client = containerdClient(join(session.scratch ?? '', 'cri/containerd.sock'), 'k8s.io');
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
        { workload: echo, params: {} },
        calling('startup/missing', ['/no/such/program']),
        calling('startup/deaf', ['/bin/sh', '-c', 'trap "" TERM; while :; do sleep 1; done']),
        calling('startup/greedy', ['/bin/sh', '-c', 'x=x; while :; do x=$x$x; done'], 16 * 2 ** 20),
      ],
      explain: (_, message) => ({ code: 'start-failed', message }),
      interrupt: new AbortController().signal,
      limits: stepLimits(limitMs),
    });
    trial = async (runtime, workload) => {
      const cell = { runtime, profile: 'default', layer: 'cri' as const, workload, params: '' };
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

  /** What containerd still holds of pods, once nothing is or 10 s are over. */
  const left = () =>
    untilNone(10_000, async () => {
      type Items = { readonly items: readonly { readonly id: string }[] };
      const { items } = await client.call<Items>('runtime', 'ListPodSandbox', {});
      type Containers = { readonly containers: readonly { readonly id: string }[] };
      const { containers } = await client.call<Containers>('containers', 'List', {});
      const { tasks } = await client.call<{ tasks: { id: string }[] }>('tasks', 'List', {});
      const shims = (await engineProcesses(session.scratch ?? '')).filter(({ name }) =>
        name.includes('shim'),
      );
      return [
        ...items.map(({ id }) => `pod ${id}`),
        ...containers.map(({ id }) => `container ${id}`),
        ...tasks.map(({ id }) => `task ${id}`),
        ...shims.map(({ pid }) => `shim ${pid}`),
      ];
    });

  test('a missing program: the runtime’s own error, and nothing is left', async () => {
    const { outcome } = await trial('runc', 'startup/missing');
    expect(outcome).toMatchObject({ status: 'failed', step: 'start' });
    expect(outcome.status === 'failed' && outcome.error.detail).toMatch(/no such file or directory/);
    expect(await left()).toEqual([]);
  });

  test.each([
    ['gone', 'gone'],
    ['kata', 'containerd-shim-kata-v2'],
  ])('a runtime that is not installed (%s): its pod is not made', async (runtime, said) => {
    const { outcome } = await trial(runtime, 'startup/echo');
    expect(outcome).toMatchObject({ status: 'failed', step: 'create' });
    expect(outcome.status === 'failed' && outcome.error.detail).toContain(said);
    expect(await left()).toEqual([]);
  });

  test('a program that does not end is killed at the limit', async () => {
    expect((await trial('runc', 'startup/deaf')).outcome).toMatchObject({ status: 'timed-out', step: 'run' });
    expect(await left()).toEqual([]);
  });

  test('a program that takes too much memory is known to have been killed for it', async () => {
    const { oomKilled, exitCode } = await trial('runc', 'startup/greedy');
    expect({ oomKilled, exitCode }).toEqual({ oomKilled: true, exitCode: 137 });
  });

  test.each([
    // A pod's own container comes first: what its start does is part of the create call.
    ['create-hangs', { status: 'timed-out', step: 'create' }],
    ['start-hangs', { status: 'timed-out', step: 'create' }],
    ['create-garbage', { status: 'failed', step: 'create' }],
  ])(
    'a runtime with the fault %s: a record, nothing left, and runc is well after it',
    async (fault, outcome) => {
      expect((await trial(fault, 'startup/echo')).outcome).toMatchObject(outcome);
      expect(await left()).toEqual([]);
      expect((await trial('runc', 'startup/echo')).outcome).toEqual({ status: 'ok' });
      expect(await session.lost()).toBeNull();
    },
    120_000,
  );
});

describe.skipIf(!canRun)('SIGKILL of a run with pods', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  test('nothing runs and nothing is left, and the run goes on where it was', async () => {
    const lock = join(place.path, 'lock');
    const environment = { OCIBENCH_LOCK: lock };
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
        'cri',
        '--runtimes',
        'runc,crun',
        '--set',
        'seed=7',
        '--workloads',
        'startup/echo',
        '--blocks',
        '4..4',
        '--set',
        'progress=false',
      ],
      place.path,
      environment,
    );
    let isOver = false;
    const ended = child.then((result) => {
      isOver = true;
      return result;
    });
    let runId: string | null = null;
    const trialsNow = async () =>
      runId === null ? [] : wholeLines(join(place.path, 'results', runId, 'trials.jsonl'));
    while ((await trialsNow()).length < 5 && !isOver) {
      await sleep(10);
      runId = (await lockHolder(lock))?.by?.runId ?? runId;
    }
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    if (runId === null) throw new Error('no run was seen');
    const before = (await trialsNow()).length;
    const cleaned = await ocibench(['clean'], place.path, environment);
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect(await tracesOf(runId, 30_000)).toEqual([]);
    const args = [
      'run',
      '--resume',
      runId,
      '--set',
      'report=false',
      '--out',
      place.path,
      '--set',
      'progress=false',
    ];
    const resumed = await ocibench(args, place.path, environment);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const trials: TrialRecord[] = (await trialsNow()).map((line) => JSON.parse(line));
    expect(trials.length).toBeGreaterThan(before);
    const whole = trials.filter(({ outcome }) => outcome.status !== 'interrupted');
    expect(whole.map(({ outcome }) => outcome.status)).toEqual(Array(2 + 4 * 3).fill('ok'));
    expect(await tracesOf(runId, 20_000)).toEqual([]);
  }, 600_000);
});
