import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerSpec, Engine, OutputSink } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import type { ErrorRecord } from '../../model/failure/error-record.ts';
import { MessageError } from '../../model/failure/said.ts';
import type { Params } from '../../model/trial/cell.ts';
import type { Copy, Figure, TrialStep } from '../../model/trial/trial.ts';
import { endsContainer, type ScenarioStep } from '../../model/workload/scenario.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { type StepLimits, withDeadline } from './deadline.ts';
import type { Marks, TrialObserver } from './observer.ts';
import { type OutputBuffer, OutputMatcher } from './output-matcher.ts';
import type { PeerContainer, PeerSetup, Prober } from './prober.ts';
import { StampReader } from './stamps.ts';
import { doStep, type StepContext, trialStepOf } from './steps.ts';
import type { WorkWindowRecorder } from './work-window.ts';

/** Input of a start. */
export interface StartContext {
  readonly engine: Engine;
  readonly observer: TrialObserver;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** Gets `create-begin`, `create-end`, `start-begin`, `start-end` and `first-output`. */
  readonly marks: Marks;
  /** Receives the container as soon as it exists, for the cleanup. */
  readonly containers: Container[];
}

/** A started container and its pending events. */
export interface StartedContainer {
  readonly container: Container;
  /** Resolves at the container's first output. */
  readonly firstByte: Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Resolves when the output has ended; rejects when it was truncated. */
  readonly closed: Promise<void>;
}

/**
 * Creates a container, attaches to it and registers the waiter at once, and starts it. Output and waiter outlive these
 * steps, so they use `whole`, the signal of the trial. Rejects like the steps.
 */
export async function startContainer(
  spec: ContainerSpec,
  context: StartContext,
  onData: OutputSink['onData'],
  whole: AbortSignal,
): Promise<StartedContainer> {
  const { engine, observer, limits, interrupt, marks, containers } = context;
  const { prepare } = engine;
  if (prepare !== undefined) await withDeadline('create', limits.createMs, interrupt, () => prepare(spec));
  marks.set('create-begin');
  const container = await withDeadline('create', limits.createMs, interrupt, (signal) =>
    engine.create(spec, signal),
  );
  marks.set('create-end');
  containers.push(container);
  observer.created(container);

  let onFirstByte = () => {};
  const firstByte = new Promise<void>((resolve) => {
    onFirstByte = () => {
      marks.set('first-output');
      resolve();
    };
  });
  const [{ closed }, { exited }] = await withDeadline('attach', limits.createMs, interrupt, () =>
    Promise.all([
      container.attach({ onFirstByte: () => onFirstByte(), onData }, whole),
      container.waitForExit(whole),
    ]),
  );

  marks.set('start-begin');
  await withDeadline('start', limits.startMs, interrupt, (signal) => container.start(signal));
  marks.set('start-end');
  return { container, firstByte, exited, closed };
}

/** Input of one trial. */
export interface TrialContext {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly observer: TrialObserver;
  readonly prober: Prober;
  readonly container: Omit<ContainerSpec, 'cgroupParent' | 'request'>;
  readonly request: ContainerSpec['request'];
  readonly params: Params;
  /** null where the workload has no peer. */
  readonly peer: PeerSetup | null;
  /** Awaited after all preparations where another trial runs at the same time, so that both begin together. */
  readonly begin?: () => Promise<void>;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** Maps the engine's error to a reason and a fix. */
  readonly explain: (engineMessage: string) => ErrorRecord;
  /** Host CLOCK_MONOTONIC, ns. */
  readonly now: () => bigint;
}

/** State of a running trial; also read at its end, however it ended. */
export interface TrialState {
  readonly marks: Marks;
  readonly output: OutputBuffer;
  /** Step name → output. */
  readonly outputs: Map<string, OutputBuffer>;
  readonly work: WorkWindowRecorder;
  readonly figures: Record<string, Figure>;
  readonly containers: Container[];
  /** Has the trial itself removed all of its containers? */
  removed: boolean;
  copies: readonly Copy[];
  peer: PeerContainer | null;
  exitCode: number | null;
  oomKilled: boolean | null;
}

/**
 * Time to wait for the end of the output after the container has ended, ms. Another process may hold the output open
 * for ever. But where nothing has been printed yet, a daemon that lacks CPU time may deliver all of it late.
 */
const outputEndMs = { printed: 1_000, silent: 10_000 } as const;

const text = notices('lifecycle', { endedEarly: 'the container ended by itself with exit code {code}' });

/** Runs one container and sets its marks: create, attach, start, the scenario's steps, end, remove. */
export async function lifecycle(
  context: TrialContext,
  spec: ContainerSpec,
  state: TrialState,
): Promise<void> {
  const { engine, observer, limits, interrupt, request } = context;
  const { marks, output } = state;
  const step = <T>(name: TrialStep, limitMs: number, action: (signal: AbortSignal) => Promise<T>) =>
    withDeadline(name, limitMs, interrupt, action);

  const printed = new OutputMatcher(marks.now);
  const stamps = new StampReader(
    (stamp) => state.work.onStamp(stamp),
    (chunk) => output.add('stdout', chunk),
  );
  let isSilent = true;
  const onData = (stream: 'stdout' | 'stderr', chunk: Buffer) => {
    const at = marks.now();
    isSilent = false;
    printed.add(chunk);
    if (stream === 'stdout' && request.stamped) stamps.feed(chunk, Number(at));
    else output.add(stream, chunk);
  };
  const whole = new AbortController();
  try {
    const starting = { engine, observer, limits, interrupt, marks, containers: state.containers };
    const started = await startContainer(spec, starting, onData, whole.signal);
    const { container, firstByte, exited, closed } = started;
    observer.running();

    const { outputs, figures, peer } = state;
    const stepContext: StepContext = {
      container,
      observer,
      marks,
      firstByte,
      printed,
      peer,
      prober: context.prober,
      work: request.stamped ? null : state.work,
      outputs,
      figures,
    };
    const steps = stepsOf(context);
    let ending = false;
    const early = exited.then((code) => {
      if (!ending) throw new MessageError(text.endedEarly({ code: String(code) }));
    });
    early.catch(() => undefined);
    for (const scenarioStep of steps) {
      ending ||= endsContainer(scenarioStep);
      const action = (signal: AbortSignal) => doStep(scenarioStep, stepContext, signal);
      await step(trialStepOf(scenarioStep), limitOf(scenarioStep), (signal) =>
        ending ? action(signal) : Promise.race([action(signal), early]),
      );
    }
    state.exitCode = await step('run', request.timeoutMs, () => exited);
    marks.set('exit');
    await step('run', request.timeoutMs, () =>
      Promise.race([
        closed,
        sleep(isSilent ? outputEndMs.silent : outputEndMs.printed, undefined, { ref: false }),
      ]),
    );
    stamps.end();
    await observer.stopped();
    const unusual = !(context.workload.exitCodes ?? [0]).includes(state.exitCode);
    if (unusual || request.memoryBytes !== undefined)
      state.oomKilled = await container.inspect(whole.signal).then(
        ({ oomKilled }) => oomKilled,
        () => null,
      );

    marks.set('remove-begin');
    await step('remove', limits.removeMs, (signal) => container.remove(signal));
    marks.set('remove-end');
    state.removed = true;
  } finally {
    stamps.end();
    whole.abort();
  }

  function limitOf(scenarioStep: ScenarioStep): number {
    if (scenarioStep.do === 'kill') return limits.stopMs;
    if (scenarioStep.do === 'stop') return limits.stopMs + scenarioStep.graceSeconds * 1_000;
    return request.timeoutMs;
  }

  /**
   * The workload's steps. An idle container is observed after its first output and its settling time, and is then
   * ended.
   */
  function stepsOf({ workload, params }: TrialContext): readonly ScenarioStep[] {
    if (workload.observe.kind !== 'idle') return workload.steps?.(params) ?? [];
    return [
      { do: 'await-first-output' },
      { do: 'settle', ms: workload.observe.settleMs },
      { do: 'snapshot' },
      { do: 'kill' },
    ];
  }
}
