import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerSpec, Engine } from '../engine/engine.ts';
import type { Params } from '../model/cell.ts';
import type { ErrorRecord } from '../model/error.ts';
import type { TrialSpec } from '../model/plan.ts';
import type { Mark, MarkName, Reading, TrialOutcome, TrialPhase, TrialRecord } from '../model/trial.ts';
import { ParseError, type Workload } from '../model/workload.ts';
import { Interrupted, StepFailure, StepTimeout, withDeadline } from './deadline.ts';
import type { TrialObserver } from './observer.ts';
import { OutputBuffer } from './output-buffer.ts';
import { timeIteration } from './timing.ts';

/** Time limits of the steps that are not the workload's own, ms. */
export interface StepLimits {
  readonly createMs: number;
  readonly startMs: number;
  readonly removeMs: number;
}

export const defaultLimits: StepLimits = { createMs: 30_000, startMs: 30_000, removeMs: 30_000 };

/** Everything that one trial needs. */
export interface TrialContext {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly observer: TrialObserver;
  readonly container: Omit<ContainerSpec, 'cgroupParent' | 'request'>;
  readonly request: ContainerSpec['request'];
  readonly params: Params;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** Turns the engine's words into a reason and a fix. */
  readonly explain: (engineMessage: string) => ErrorRecord;
  /** Host CLOCK_MONOTONIC in ns. */
  readonly now: () => bigint;
}

/** A trial's record and its time series, which is stored apart. */
export interface TrialResult {
  readonly record: TrialRecord;
  readonly readings: readonly Reading[];
}

/** Collects marks relative to the first one. */
class Marks {
  readonly list: Mark[] = [];
  readonly #now: () => bigint;
  #origin: bigint | null = null;

  constructor(now: () => bigint) {
    this.#now = now;
  }

  set(name: MarkName): void {
    const at = this.#now();
    this.#origin ??= at;
    this.list.push({ name, atNs: Number(at - this.#origin) });
  }
}

/**
 * Runs one container from create to remove and records what happened. Never rejects: whatever the runtime or
 * the engine does wrong is the record's outcome, and what it left behind is ended.
 */
export async function runTrial(
  spec: TrialSpec,
  place: {
    readonly block: number;
    readonly phase: TrialPhase;
    readonly attempt: number;
    readonly startedAt: string;
  },
  context: TrialContext,
): Promise<TrialResult> {
  const { observer, engine } = context;
  const marks = new Marks(context.now);
  const output = new OutputBuffer();
  const state: { container: Container | null; exitCode: number | null; removed: boolean } = {
    container: null,
    exitCode: null,
    removed: false,
  };
  let iterationNs: number | null = null;
  let outcome: TrialOutcome;
  try {
    const timed = await timeIteration(spec.trialId, {
      prepare: () => observer.prepare(),
      iteration: () => lifecycle(context, marks, output, state),
    });
    if (!timed.ok) throw timed.error;
    iterationNs = timed.durationNs;
    outcome = judge(context, output, state.exitCode);
  } catch (error) {
    outcome = outcomeOf(error, context.explain);
  }
  await observer.stopped();
  if (!state.removed)
    await forceRemove(engine, state.container?.id ?? context.container.name, context.limits.removeMs);
  const observed = await observer.finish();
  // A sandbox that hung can keep its container from being removed until it has been ended.
  if (!state.removed && observed.leaked.length > 0)
    await forceRemove(engine, state.container?.id ?? context.container.name, context.limits.removeMs);
  const { readings, ...seen } = observed;
  return {
    record: {
      trialId: spec.trialId,
      cell: spec.cell,
      block: place.block,
      position: spec.position,
      phase: place.phase,
      attempt: place.attempt,
      startedAt: place.startedAt,
      marks: marks.list,
      iterationNs,
      outcome,
      exitCode: state.exitCode,
      ...seen,
      processes: [...seen.processes],
      output: output.toOutput(),
    },
    readings,
  };
}

/** The timed part: create, attach, start, wait for the end, remove. */
async function lifecycle(
  context: TrialContext,
  marks: Marks,
  output: OutputBuffer,
  state: { container: Container | null; exitCode: number | null; removed: boolean },
): Promise<void> {
  const { engine, observer, workload, limits, interrupt, request } = context;
  const step = <T>(
    ...args: [Parameters<typeof withDeadline>[0], number, (signal: AbortSignal) => Promise<T>]
  ) => withDeadline(args[0], args[1], interrupt, args[2]);
  const spec = { ...context.container, request, cgroupParent: observer.cgroupParent };

  marks.set('create-begin');
  const container = await step('create', limits.createMs, (signal) => engine.create(spec, signal));
  marks.set('create-end');
  state.container = container;
  observer.created(container);

  let onFirstByte = () => {};
  const firstByte = new Promise<void>((resolve) => {
    onFirstByte = resolve;
  });
  const sink = {
    onFirstByte: () => {
      marks.set('first-output');
      onFirstByte();
    },
    onData: (stream: 'stdout' | 'stderr', chunk: Buffer) => output.add(stream, chunk),
  };
  // The stream and the waiter outlive this step, so they hang on the trial's signal, not on the step's.
  const whole = new AbortController();
  try {
    const { closed } = await step('attach', limits.createMs, () => container.attach(sink, whole.signal));
    const { exited } = await step('attach', limits.createMs, () => container.waitForExit(whole.signal));

    marks.set('start-begin');
    await step('start', limits.startMs, (signal) => container.start(signal));
    marks.set('start-end');
    observer.running();

    if (workload.observe.kind === 'idle') {
      const { settleMs } = workload.observe;
      await step('run', request.timeoutMs, async (signal) => {
        const early = exited.then((code) => {
          throw new Error(`the container ended by itself with exit code ${code} before it was looked at`);
        });
        await Promise.race([firstByte.then(() => sleep(settleMs, undefined, { signal })), early]);
        await Promise.race([observer.snapshot(), early]);
        await container.kill(signal);
      });
    }
    state.exitCode = await step('run', request.timeoutMs, () => exited);
    marks.set('exit');
    await Promise.race([closed, sleep(1_000, undefined, { ref: false })]);
    await observer.stopped();

    marks.set('remove-begin');
    await step('remove', limits.removeMs, (signal) => container.remove(signal));
    marks.set('remove-end');
    state.removed = true;
  } finally {
    whole.abort();
  }
}

/** Exit code and output of a container that ran to its end. */
function judge(context: TrialContext, output: OutputBuffer, exitCode: number | null): TrialOutcome {
  const { stdout, stderr, truncated } = output.toOutput();
  const failed = (step: 'run' | 'parse', code: string, message: string): TrialOutcome => ({
    status: 'failed',
    step,
    error: { code, message },
  });
  // The harness ends an idle container itself; its exit code says nothing.
  if (context.workload.observe.kind !== 'idle' && exitCode !== 0) {
    const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    const hint = exitCode === 137 ? ' (SIGKILL: often the memory limit)' : '';
    return failed('run', 'exit-code', `exit code ${exitCode}${hint}: ${lastLine.slice(0, 300)}`);
  }
  try {
    context.workload.parse({ stdout, stderr, truncated }, context.params);
    return { status: 'ok' };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return failed('parse', 'parse-failed', error.message);
  }
}

function outcomeOf(error: unknown, explain: TrialContext['explain']): TrialOutcome {
  if (error instanceof Interrupted) return { status: 'interrupted' };
  if (error instanceof StepTimeout) return { status: 'timed-out', step: error.step, limitMs: error.limitMs };
  if (error instanceof StepFailure)
    return {
      status: 'failed',
      step: error.step,
      error: { ...explain(error.message), detail: error.message },
    };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'failed', step: 'collect', error: { code: 'harness', message } };
}

async function forceRemove(engine: Engine, nameOrId: string, limitMs: number): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  const gaveUp = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([engine.forceRemove(nameOrId, signal).catch(() => undefined), gaveUp]);
}
