import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerSpec } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import { MessageError } from '../../model/said.ts';
import { endsContainer, type ScenarioStep } from '../../model/scenario.ts';
import type { TrialStep } from '../../model/trial.ts';
import { withDeadline } from './deadline.ts';
import { OutputMatcher } from './output-matcher.ts';
import { StampReader } from './stamps.ts';
import { startContainer } from './start-container.ts';
import { doStep, type StepContext, trialStepOf } from './steps.ts';
import type { TrialContext, TrialState } from './trial-context.ts';

/**
 * How long the end of the output is waited for after that of the container. Something may hold it open for ever; but where nothing
 * has come yet, a daemon without CPU time may only be late with all of it.
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
    (stamp) => {
      // First, because the reading of CPU takes time.
      context.watcher?.onStamp(stamp);
      state.work.onStamp(stamp);
    },
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
