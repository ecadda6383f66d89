import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { stepLimits } from '../../src/core/measure/execute/deadline.ts';
import { type TrialRunner, trialRunner } from '../../src/core/measure/execute/runner.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import type { TrialOutcome, TrialRecord } from '../../src/core/model/trial/trial.ts';
import { openRealSession as openSession } from '../support/app-context.ts';
import { type Fault, faults, faultySleep, registerFaulty } from './faulty-runtimes.ts';
import { tracesOf } from './ours.ts';
import { canRun, nightly } from './support.ts';

/** Of a step that is never done. */
const limitMs = 4_000;
/** Of a trial that ends by itself, on a busy machine too. */
const patientMs = 60_000;
const runc: RuntimeEntry = { name: 'runc', path: 'runc', origin: 'built-in' };
const echo = 'startup/echo';
const idle = 'memory/idle';

/** What each fault's record says, and in which workload it shows. */
const expected: Readonly<Record<Fault, readonly [workload: string, outcome: Partial<TrialOutcome>]>> = {
  'create-hangs': [echo, { status: 'timed-out', step: 'start', limitMs }],
  'start-hangs': [echo, { status: 'timed-out', step: 'start', limitMs }],
  'kill-hangs': [idle, { status: 'timed-out', step: 'stop', limitMs }],
  // dockerd tells of the end of a container once its runtime has deleted it.
  'delete-hangs': [echo, { status: 'timed-out', step: 'run', limitMs }],
  'create-garbage': [echo, { status: 'failed', step: 'start' }],
  'create-floods': [echo, { status: 'timed-out', step: 'start', limitMs }],
  'start-floods': [echo, { status: 'failed', step: 'start' }],
  'log-floods': [echo, { status: 'failed', step: 'start' }],
  'output-garbage': [echo, { status: 'failed', step: 'parse' }],
  'kill-deaf': [idle, { status: 'timed-out', step: 'stop', limitMs }],
  'leaks-outside': [echo, { status: 'failed', step: 'remove' }],
  'leaks-inside': [echo, { status: 'failed', step: 'remove' }],
  'create-pretends': [echo, { status: 'failed', step: 'start' }],
  'start-pretends': [echo, { status: 'timed-out', step: 'run' }],
};

/** Processes that the faulty runtimes in a directory left, anywhere on this host. */
async function leftovers(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
      .split('\0')
      .join(' ')
      .trim();
    if (line === faultySleep || line.includes(`${directory}/faulty-runtime --fault=`))
      found.push(`${pid} ${line.slice(0, 100)}`);
  }
  return found;
}

describe.skipIf(!canRun)('runtimes that misbehave, in one embedded engine', () => {
  let directory = '';
  let session: Session;
  let runWithin: (limit: number) => TrialRunner;
  let trials = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-e2e-'));
    const faulty = await registerFaulty(directory, Object.keys(faults) as Fault[]);
    session = await openSession(newRunId(new Date()), 'embedded', [runc, ...faulty]);
    const workloads = (await loadWorkloads()).filter(({ id }) => [echo, idle].includes(id));
    const images = await session.provideImages(workloads.map(({ image }) => image));
    runWithin = (limit) =>
      trialRunner({
        engine: session.engine,
        runId: session.runId,
        scratch: session.scratch,
        hostPlace: session.hostPlace,
        prober: session.prober,
        guard: session.guard,
        images: new Map(images.map((image) => [image.recipe, image.reference])),
        subjects: workloads.map((workload) => ({
          workload: {
            ...workload,
            container: (params) => ({ ...workload.container(params), timeoutMs: limit }),
          },
          params: {},
        })),
        explain: (_, message) => ({ code: 'start-failed', message }),
        interrupt: new AbortController().signal,
        limits: stepLimits(limit),
      });
  }, 300_000);
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
    expect(await tracesOf(session.runId, 10_000)).toEqual([]);
  }, 300_000);

  async function trial(
    runtime: string,
    workload: string,
    limit = patientMs,
  ): Promise<{ record: TrialRecord; ms: number }> {
    const cell = { runtime, profile: 'default', layer: 'docker' as const, workload, params: '' };
    const began = performance.now();
    const { record } = await runWithin(limit)(
      { trialId: `t${trials++}`, position: 0, cell },
      { block: 0, phase: 'measure', attempt: 1 },
    );
    return { record, ms: performance.now() - began };
  }

  /** Without the night: not those whose hang or flood is of the same kind as another one's. */
  const similar: readonly Fault[] = [
    ...(['create-hangs', 'create-floods', 'start-floods', 'leaks-inside', 'kill-deaf'] as const),
  ];
  const tried = (Object.keys(faults) as Fault[]).filter((fault) => nightly || !similar.includes(fault));

  test.each(tried)(
    '%s: a record with its step, one time limit, nothing left, and runc is well after it',
    async (fault) => {
      const [workload, outcome] = expected[fault];
      const limit = outcome.status === 'timed-out' ? limitMs : patientMs;
      const { record, ms } = await trial(fault, workload, limit);
      const { leaked } = record;
      process.stdout.write(
        `${fault} | ${JSON.stringify(record.outcome).slice(0, 150)} | ${(ms / 1000).toFixed(1)} s | ${leaked.map(({ comm }) => comm).join(' ')}\n`,
      );
      expect(record.outcome).toMatchObject(outcome);
      expect(JSON.stringify(record).length).toBeLessThan(5e6);
      expect(await leftovers(directory)).toEqual([]);
      expect(await session.engine.ourContainers()).toEqual([]);
      // A second time limit would be as long as the first one, beside what removing takes in any case.
      if (record.outcome.status === 'timed-out') {
        expect(ms).toBeGreaterThanOrEqual(limitMs);
        expect(record.iterationNs).toBeNull();
      }
      const after = await trial('runc', workload);
      expect(after.record.outcome).toEqual({ status: 'ok' });
      expect(after.record.leaked).toEqual([]);
    },
    300_000,
  );
});
