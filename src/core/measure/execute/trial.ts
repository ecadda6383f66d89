import { setTimeout as sleep } from 'node:timers/promises';
import { Bench, hrtimeNowTimestampProvider } from 'tinybench';
import { EngineError } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { ErrorRecord } from '../../model/failure/error-record.ts';
import { saidAs, saidBy } from '../../model/failure/said.ts';
import type { TrialSpec } from '../../model/run/schedule.ts';
import { type Evidence, evidenceOf } from '../../model/trial/evidence.ts';
import type { Reading, TrialOutcome, TrialPhase, TrialRecord } from '../../model/trial/trial.ts';
import { dropPageCache } from './cold-cache.ts';
import { Interrupted, StepFailure, StepTimeout } from './deadline.ts';
import { copyName, runGroup } from './group.ts';
import { lifecycle, type TrialContext, type TrialState } from './lifecycle.ts';
import { Marks } from './observer.ts';
import { outcomeOfEvidence, outcomeWithLeftovers } from './outcome.ts';
import { OutputBuffer } from './output-matcher.ts';
import { startPeer } from './prober.ts';
import { clockDisagrees } from './stamps.ts';
import type { RecordTime } from './wall-clock.ts';
import { WorkWindowRecorder } from './work-window.ts';

/**
 * Time for the engine to remove a container before its processes are killed, ms. While a runtime hangs in create, start
 * or kill, dockerd holds its lock on the container, and the removal would wait for the runtime.
 */
const removeTimeoutMs = 2_000;
/** Timeout of the removal after those processes were killed, ms: containerd cleans up after a dead shim for 5 s at most. */
const removeAfterKillTimeoutMs = 10_000;

/**
 * Removes the containers that were created and not removed. Removes them by name, since the engine may not have
 * reported the creation. Where the removal hangs, kills the processes of the containers first. Never rejects. Takes at
 * most {@link removeTimeoutMs} + {@link removeAfterKillTimeoutMs}, plus the time to end processes.
 */
async function removeContainers(context: TrialContext, state: TrialState): Promise<void> {
  const { engine, container, workload, params, observer } = context;
  if (state.removed) return;
  const group = workload.group?.(params);
  const names =
    group === undefined
      ? [state.containers[0]?.id ?? container.name]
      : Array.from({ length: group.count }, (_, index) => copyName(container.name, index));
  const giveUp = new AbortController();
  const removal = Promise.all(
    names.map((name) => engine.forceRemove(name, giveUp.signal).catch(() => undefined)),
  );
  const removedWithin = (ms: number) =>
    Promise.race([removal.then(() => true), sleep(ms, false, { ref: false })]);
  if (await removedWithin(removeTimeoutMs)) return;
  await observer.endProcesses();
  await removedWithin(removeAfterKillTimeoutMs);
  giveUp.abort();
}

/** Result of one iteration: its wall time, or the thrown error. */
type Iteration =
  | { readonly ok: true; readonly durationNs: number }
  | { readonly ok: false; readonly error: unknown };

/**
 * Times one iteration with tinybench. Each trial uses a Bench of its own: with several tasks, `run()` goes AAABBB,
 * sorts the samples and loses all of a task when one iteration throws. `warmup: false` and `time: 0` make it exactly
 * one call. `async: true` keeps `add()` from calling the function once to find out its kind. `prepare` runs outside the
 * timed window.
 */
async function timeIteration(
  name: string,
  now: () => bigint,
  hooks: { prepare(): Promise<void>; iteration(): Promise<void> },
): Promise<Iteration> {
  const bench = new Bench({
    iterations: 1,
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: false,
    timestampProvider: { ...hrtimeNowTimestampProvider, fn: now },
  });
  bench.add(name, hooks.iteration, { async: true, beforeEach: hooks.prepare });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state === 'completed') {
    const milliseconds = result.latency.samples?.[0];
    if (milliseconds !== undefined) return { ok: true, durationNs: Math.round(milliseconds * 1e6) };
  }
  return {
    ok: false,
    error: result?.state === 'errored' ? result.error : new Error(`tinybench: ${result?.state}`),
  };
}

const text = notices('trial', { engineLost: '{step}: {error}' });

/** A trial's record and its time series, which is stored separately. */
export interface TrialResult {
  readonly record: TrialRecord;
  readonly readings: readonly Reading[];
}

/** Marks a trial as interrupted, whatever its outcome: it is not about the runtime. */
export function interruptedBy(reason: Message, result: TrialResult): TrialResult {
  const outcome: TrialOutcome = { status: 'interrupted', ...saidAs('reason', reason) };
  return { ...result, record: { ...result.record, outcome } };
}

/** Flag of a trial in which the clocks of container and host differ by more than {@link clockDisagrees} allows. */
const clockFlag = 'container-clock>1%';

/**
 * Runs one trial from create to remove and records it. Never rejects: a fault of the runtime or the engine is the
 * record's outcome. Processes that it left behind are ended.
 */
export async function runTrial(
  spec: TrialSpec,
  place: {
    readonly block: number;
    readonly phase: TrialPhase;
    readonly attempt: number;
    readonly stamp: RecordTime;
  },
  context: TrialContext,
): Promise<TrialResult> {
  const { observer, request } = context;
  const state: TrialState = {
    marks: new Marks(context.now),
    output: new OutputBuffer(request.keptOutputBytes),
    outputs: new Map(),
    work: new WorkWindowRecorder(() => observer.cpuNow()),
    figures: {},
    containers: [],
    removed: false,
    copies: [],
    peer: null,
    exitCode: null,
    oomKilled: null,
  };
  let iterationNs: number | null = null;
  let problem: TrialOutcome | null = null;
  try {
    const timed = await timeIteration(spec.trialId, context.now, {
      async prepare() {
        await observer.prepare();
        if (context.peer !== null)
          state.peer = await startPeer(context.engine, context.peer, context.interrupt);
        if (request.coldCache) await dropPageCache();
        await context.begin?.();
      },
      iteration: () => runContainers(context, state),
    });
    if (!timed.ok) throw timed.error;
    iterationNs = timed.durationNs;
  } catch (error) {
    problem = outcomeOf(error, context.explain);
  }
  const peerCpuNs = state.peer?.cpuNs() ?? 0;
  await observer.stopped();
  await removeContainers(context, state);
  const observed = await observer.finish({ succeeded: problem === null, otherCpuNs: peerCpuNs });
  // A hanging sandbox can block the removal of its container until it is killed.
  if (observed.leaked.length > 0) await removeContainers(context, state);
  await state.peer?.remove();
  const { readings, ...seen } = observed;
  const window = state.work.window();
  const evidence: Omit<Evidence, 'stdout' | 'stderr' | 'truncated'> = {
    marks: state.marks.list,
    exitCode: state.exitCode,
    oomKilled: state.oomKilled,
    outputs: Object.fromEntries([...state.outputs].map(([name, buffer]) => [name, buffer.toOutput()])),
    window,
    copies: [...state.copies],
    figures: state.figures,
    cgroup: seen.cgroup,
  };
  const output = state.output.toOutput();
  return {
    record: {
      trialId: spec.trialId,
      cell: spec.cell,
      ...(spec.duet === undefined ? {} : { duet: spec.duet }),
      block: place.block,
      position: spec.position,
      phase: place.phase,
      attempt: place.attempt,
      ...place.stamp,
      iterationNs,
      ...seen,
      ...evidence,
      outcome: outcomeWithLeftovers(
        outcomeOfEvidence(context, evidenceOf({ ...evidence, output }), problem),
        seen.leaked,
      ),
      processes: [...seen.processes],
      noise:
        seen.noise !== null && window !== null && clockDisagrees(window)
          ? { ...seen.noise, flags: [...seen.noise.flags, clockFlag] }
          : seen.noise,
      output,
    },
    readings,
  };
}

/** The timed part of a trial. */
async function runContainers(context: TrialContext, state: TrialState): Promise<void> {
  const { engine, observer, workload, limits, interrupt, request, params } = context;
  const spec = { ...context.container, request, cgroupParent: observer.cgroupParent };
  const group = workload.group?.(params);
  if (group === undefined) return lifecycle(context, spec, state);
  const { marks, output, containers } = state;
  const found = await runGroup(group, {
    engine,
    observer,
    spec,
    limits,
    interrupt,
    marks,
    output,
    containers,
  });
  state.copies = found.copies;
  Object.assign(state.figures, found.figures);
  state.removed = true;
}

function outcomeOf(error: unknown, explain: TrialContext['explain']): TrialOutcome {
  if (error instanceof Interrupted) return { status: 'interrupted' };
  if (error instanceof StepTimeout) return { status: 'timed-out', step: error.step, limitMs: error.limitMs };
  if (error instanceof StepFailure && error.cause instanceof EngineError && error.cause.connectionLost)
    return {
      status: 'interrupted',
      ...saidAs('reason', text.engineLost({ step: error.step, error: error.said })),
    };
  if (error instanceof StepFailure)
    return {
      status: 'failed',
      step: error.step,
      error: { ...explained(error, explain), detail: error.message },
    };
  return {
    status: 'failed',
    step: 'collect',
    error: { code: 'harness', ...saidAs('message', saidBy(error)) },
  };
}

/** Steps that start a container: only of them may an unknown failure be called a failed start. */
const startSteps: readonly string[] = ['create', 'attach', 'start'];

/**
 * The known explanation of the failure; without one, the step's own message. What the harness found in a later step, such as
 * a file that did not arrive, is its own explanation.
 */
function explained({ said, step, cause }: StepFailure, explain: TrialContext['explain']): ErrorRecord {
  const starts = startSteps.includes(step);
  const unexplained = { code: 'step-failed', ...saidAs('message', said) };
  if (!starts && !(cause instanceof EngineError)) return unexplained;
  const known = explain(said.text);
  if (!starts && known.code === 'start-failed') return unexplained;
  if (known.message !== said.text || known.messages?.message !== undefined) return known;
  const own = saidAs('message', said);
  return own.messages === undefined ? known : { ...known, messages: { ...known.messages, ...own.messages } };
}
