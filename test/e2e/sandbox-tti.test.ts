import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import type { ContainerSpec } from '../../src/core/engine/engine.ts';
import { stepLimits } from '../../src/core/measure/execute/deadline.ts';
import type { GroupContext } from '../../src/core/measure/execute/group-context.ts';
import type { GroupRunner } from '../../src/core/measure/execute/group-runners.ts';
import { Marks, type TrialObserver } from '../../src/core/measure/execute/observer.ts';
import { OutputBuffer } from '../../src/core/measure/execute/output-matcher.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import ttiRunner from '../../src/features/sandbox/group-runners/tti.ts';
import tti from '../../src/features/sandbox/workloads/sandbox/tti.ts';
import { openRealSession as openSession } from '../support/app-context.ts';
import { output, valuesOf } from '../workloads/support.ts';
import { expectNothingLeft } from './killed-crowd.ts';
import { canRun } from './support.ts';

const hidden = { absent: 'not read here' } as const;
const observer = {
  created: () => {},
  cpuNow: () => ({ cgroupNs: null, engineNs: null }),
  availableNow: () => hidden,
  memoryNow: async () => ({ charged: hidden, footprint: hidden, resident: hidden, available: hidden }),
} as unknown as TrialObserver;

describe.skipIf(!canRun)('real sandboxes', () => {
  let session: Session;
  let image = '';

  beforeAll(async () => {
    session = await openSession(newRunId(new Date()), 'embedded', [
      { name: 'runc', path: 'runc', origin: 'built-in' },
      {
        name: 'runsc',
        path: '/usr/bin/runsc',
        runtimeArgs: ['--network=none', '--platform=systrap'],
        origin: 'daemon.json',
      },
    ]);
    image = (await session.provideImages(['base']))[0]?.reference ?? '';
  }, 300_000);
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
  }, 120_000);

  const specOf = (workload: Workload, params: Params, runtime: string): ContainerSpec => ({
    name: `ocibench-${session.runId}-sandbox`,
    image,
    runtime,
    request: workload.container(params),
    cgroupParent: null,
    bindSources: {},
    labels: {},
  });

  /** Runs the containers of one trial; resolves with the values that the workload finds in its evidence. */
  async function trial(runner: GroupRunner, workload: Workload, params: Params, runtime: string) {
    const group = workload.group?.(params);
    if (group?.kind !== 'runner') throw new Error('no runner');
    const marks = new Marks(process.hrtime.bigint);
    const whole = new AbortController();
    const context: GroupContext = {
      engine: session.engine,
      observer,
      limits: stepLimits(30_000),
      interrupt: new AbortController().signal,
      marks,
      containers: [],
      output: new OutputBuffer(),
      spec: specOf(workload, params, runtime),
    };
    try {
      const { copies, figures } = await runner.run(group, context, whole.signal);
      const evidence = output('', { marks: marks.list, copies: [...copies], figures });
      const refusal = workload.refused?.(evidence, params) ?? null;
      const values = refusal === null ? valuesOf(workload.parse(evidence, params)) : {};
      return { figures, values, said: typeof refusal === 'string' ? refusal : (refusal?.text ?? '') };
    } finally {
      whole.abort();
      for (let i = 0; i < group.count; i++)
        await session.engine.forceRemove(`${context.spec.name}-${i}`, AbortSignal.timeout(30_000));
    }
  }

  test.each(['runc', 'runsc'])('%s: three at once answer their first command', async (runtime) => {
    const { values } = await trial(ttiRunner, tti, { mode: 'burst', count: 3 }, runtime);
    expect(values).toMatchObject({ 'tti.success': 1, 'work.units': 3 });
    expect(values['tti.max']).toBeGreaterThanOrEqual(values['tti.p50'] ?? Number.NaN);
  });

  /** A trial of three sandboxes; the engine has a container of the second one's name already. */
  async function withRefusal(mode: string) {
    const params = { mode, count: 3 };
    const spec = specOf(tti, params, 'runc');
    await session.engine.create({ ...spec, name: `${spec.name}-1` }, AbortSignal.timeout(30_000));
    return trial(ttiRunner, tti, params, 'runc');
  }

  test('a burst of which the engine refuses one fails with its cause, and has its share of answers only', async () => {
    const error = await withRefusal('burst').then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ParseError)) throw error;
    expect(error.message).toMatch(/^1 of 3 sandboxes failed, .* first cause: create: .*already in use/);
    expect(valuesOf(error.told.values)).toEqual({ 'tti.success': 2 / 3, 'work.units': 2 });
    expect(error.told.facts).toMatchObject([{ id: 'tti.failure' }]);
  });

  test('one after the other: a refusal is a failure with its cause, and the others answer', async () => {
    const { values, figures } = await withRefusal('sequential');
    expect(values['tti.success']).toBeCloseTo(2 / 3);
    expect(values['tti.max']).toBeUndefined();
    expect(figures['sandbox.1']).toMatchObject({
      absent: expect.stringMatching(/^create: .*already in use/),
    });
  });
});

test.skipIf(!canRun)(
  'a burst that is killed half-way leaves nothing',
  () =>
    expectNothingLeft(
      (place) => [
        'run',
        '--engine',
        'embedded',
        '--preset',
        'sandbox',
        '--workloads',
        'sandbox/tti',
        '--runtimes',
        'runsc',
        '--blocks',
        '1..1',
        '--out',
        place.path,
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--set',
        'progress=false',
      ],
      5,
    ),
  240_000,
);
