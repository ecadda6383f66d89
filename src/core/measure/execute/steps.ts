import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import { MessageError } from '../../model/failure/said.ts';
import type { Figure, TrialStep } from '../../model/trial/trial.ts';
import { linearPattern } from '../../model/workload/linear-pattern.ts';
import type { ScenarioStep } from '../../model/workload/scenario.ts';
import type { Marks, TrialObserver } from './observer.ts';
import { lastLine, OutputBuffer, type OutputMatcher } from './output-matcher.ts';
import type { PeerContainer, Prober } from './prober.ts';
import type { WorkWindowRecorder } from './work-window.ts';

const text = notices('step', {
  noPeer: 'the workload has no peer to run a program in',
  noAddress: 'the engine gave the container no address',
  programFailed: "''{program}'' ended with exit code {code}: {line}",
});

/** Input of a scenario's steps. */
export interface StepContext {
  readonly container: Container;
  readonly observer: TrialObserver;
  readonly marks: Marks;
  /** Resolves at the container's first output. */
  readonly firstByte: Promise<void>;
  /** The container's output so far. */
  readonly printed: OutputMatcher;
  readonly peer: PeerContainer | null;
  readonly prober: Prober;
  /** Reads CPU around the programs of steps; null where the container stamps its work itself. */
  readonly work: WorkWindowRecorder | null;
  /** Step name → output. */
  readonly outputs: Map<string, OutputBuffer>;
  readonly figures: Record<string, Figure>;
}

/** The TrialStep that the record names when this scenario step fails. */
export function trialStepOf(step: ScenarioStep): TrialStep {
  switch (step.do) {
    case 'await-service':
      return 'probe';
    case 'exec':
      return 'exec';
    case 'peer-exec':
      return 'peer';
    case 'pause':
    case 'unpause':
      return 'pause';
    case 'stop':
    case 'kill':
      return 'stop';
    default:
      return 'run';
  }
}

/** Runs one step. Rejects with the engine's error, or with the scenario's. */
export async function doStep(step: ScenarioStep, context: StepContext, signal: AbortSignal): Promise<void> {
  const { container, observer, marks } = context;
  const timed = async (name: string, action: () => Promise<void>) => {
    marks.set(`${name}-begin`);
    await action();
    marks.set(`${name}-end`);
  };
  switch (step.do) {
    case 'await-first-output':
      return context.firstByte;
    case 'await-output':
      return context.printed.until(step.text, signal).then((at) => marks.set(step.mark, at));
    case 'await-match':
      return context.printed
        .match(linearPattern(step.pattern), signal)
        .then((at) => marks.set(step.mark, at));
    case 'settle':
      return sleep(step.ms, undefined, { signal });
    case 'snapshot':
      return observer.snapshot();
    case 'limits':
      Object.assign(context.figures, observer.limits());
      return;
    case 'await-service': {
      const host = await addressOf(container, signal);
      const { port, protocol } = step;
      marks.set(step.mark, await context.prober.ask({ host, port, protocol }, signal));
      return;
    }
    case 'exec':
      return execIn(container, step.name, step.command, context, signal);
    case 'peer-exec': {
      if (context.peer === null) throw new MessageError(text.noPeer);
      const address = await addressOf(container, signal);
      const command = step.command.map((argument) => argument.replaceAll('{address}', address));
      return execIn(context.peer.container, step.name, command, context, signal);
    }
    case 'pause':
      return timed('pause', () => container.pause(signal));
    case 'unpause':
      return timed('unpause', () => container.unpause(signal));
    case 'stop':
      return timed('stop', () => container.stop(step.graceSeconds, signal));
    case 'kill':
      return timed('kill', () => container.kill(signal));
  }
}

async function addressOf(container: Container, signal: AbortSignal): Promise<string> {
  const { address } = await container.inspect(signal);
  if (address === null) throw new MessageError(text.noAddress);
  return address;
}

async function execIn(
  container: Container,
  name: string,
  command: readonly string[],
  context: StepContext,
  signal: AbortSignal,
): Promise<void> {
  const { marks } = context;
  const output = new OutputBuffer();
  context.outputs.set(name, output);
  const run = async () => {
    marks.set(`${name}-begin`);
    const code = await container.exec(
      command,
      {
        onFirstByte: () => marks.set(`${name}-output`),
        onData: (stream, chunk) => output.add(stream, chunk),
      },
      signal,
    );
    marks.set(`${name}-end`);
    if (code === 0) return;
    const line = lastLine(output.toOutput());
    throw new MessageError(text.programFailed({ program: command[0] ?? '', code: String(code), line }));
  };
  await (context.work === null ? run() : context.work.around(marks.now, run));
}
