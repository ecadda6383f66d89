import type { RunEvent } from '../../core/measure/execute/run-loop.ts';
import { listed, quantity } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import { executedRuntime } from '../../core/model/trial/cell.ts';
import type { TrialOutcome, TrialRecord } from '../../core/model/trial/trial.ts';
import type { Reporter } from '../reporter.ts';

const words = messages('trace', {
  call: 'engine call {call}: {time}',
  failedCall: 'engine call {call}: failed after {time}: {error}',
  block: 'block {block}: {n, plural, one {1 trial} other {{n} trials}}',
  trialBegin: 'trial {trial}: {workload} under {runtime}',
  trialEnd: 'trial {trial}: {outcome}; {marks}',
  mark: '{name} {time}',
  failed: '{step} failed: {error}',
  timedOut: '{step} did not end within {time}',
  interrupted: 'interrupted',
  interruptedBy: 'interrupted: {reason}',
});

/** The steps of a run outside its trials. */
export const steps = messages('trace', {
  hostHeld: 'step: locking the host for run {run}',
  openEngine: 'step: opening the engine ({choice})',
  prepare: 'step: examining host, runtimes and images',
  measure: 'step: measuring blocks, recorded in {path}',
  conclude: 'step: writing reports to {path}',
});

type Tracer = Pick<Reporter, 'trace'>;

const milliseconds = (ms: number) => quantity(ms, 'ms', 1);

/** Text of a call: its name and its arguments that are names or command lines, without bulk data. */
function described(name: string, args: readonly unknown[]): string {
  const about = args.flatMap((arg) => {
    if (typeof arg === 'string' || typeof arg === 'number') return [String(arg)];
    if (Array.isArray(arg)) return [arg.join(' ')];
    const { name: ofSpec, runtime } = Object(arg) as { readonly name?: unknown; readonly runtime?: unknown };
    return typeof ofSpec === 'string' && typeof runtime === 'string' ? [ofSpec, runtime] : [];
  });
  return [name, ...about].join(' ');
}

/** Wraps an engine, or a container of it, so that every call is traced when it ends. `now`: ms. */
export function tracedCalls<T extends object>(
  target: T,
  reporter: Tracer,
  now: () => number = () => performance.now(),
): T {
  return new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return async (...args: readonly unknown[]) => {
        const call = described(name, args);
        const began = now();
        try {
          const result: unknown = await value.apply(of, args);
          reporter.trace(words.call({ call, time: milliseconds(now() - began) }));
          return name === 'create' ? tracedCalls(Object(result), reporter, now) : result;
        } catch (error) {
          const time = milliseconds(now() - began);
          reporter.trace(
            words.failedCall({ call, time, error: error instanceof Error ? error.message : String(error) }),
          );
          throw error;
        }
      };
    },
  });
}

function outcomeText(outcome: TrialOutcome): Message | string {
  if (outcome.status === 'failed')
    return words.failed({ step: outcome.step, error: outcome.error.detail ?? outcome.error.message });
  if (outcome.status === 'timed-out')
    return words.timedOut({ step: outcome.step, time: milliseconds(outcome.limitMs) });
  if (outcome.status !== 'interrupted') return outcome.status;
  if (outcome.reason === undefined) return words.interrupted;
  return words.interruptedBy({ reason: recalled(outcome, 'reason') });
}

const marksOf = ({ marks }: TrialRecord) =>
  listed(marks.map(({ name, atNs }) => words.mark({ name, time: milliseconds(atNs / 1e6) })));

/**
 * Text of a run's event: its blocks, and the steps of its trials with their times since the container was requested.
 */
function eventText(event: RunEvent, baseline: string): Message {
  switch (event.kind) {
    case 'block':
      return words.block({ block: String(event.block.block), n: event.block.trials.length });
    case 'trial-begin': {
      const { trialId, cell } = event.spec;
      const runtime = executedRuntime(cell.runtime, baseline);
      return words.trialBegin({ trial: trialId, workload: cell.workload, runtime });
    }
    case 'trial-end': {
      const { trialId, outcome } = event.record;
      return words.trialEnd({ trial: trialId, outcome: outcomeText(outcome), marks: marksOf(event.record) });
    }
  }
}

/** Traces an event of a run, with `--set verbose=true`. */
export function traceEvent(
  reporter: Pick<Reporter, 'isVerbose' | 'trace'>,
  event: RunEvent,
  baseline: string,
): void {
  if (reporter.isVerbose) reporter.trace(eventText(event, baseline));
}
