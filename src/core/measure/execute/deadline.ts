import { notices } from '../../messages/define.ts';
import { MessageError, saidBy } from '../../model/failure/said.ts';
import type { TrialStep } from '../../model/trial/trial.ts';

/** Timeouts of the steps that are not the workload's own, ms. */
export interface StepLimits {
  readonly createMs: number;
  readonly startMs: number;
  /** Applies to a SIGKILL, and to the part of a stop beyond the grace period of the container. */
  readonly stopMs: number;
  readonly removeMs: number;
}

/**
 * dockerd kills a process itself 10 s after its runtime got the request to kill it (moby, daemon/kill.go). An end after
 * more than 9 s could be dockerd's work.
 */
const maxStopMs = 9_000;

export const defaultLimits: StepLimits = stepLimits(30_000);

/** Timeouts of `ms` for every step; lower for steps that need less. */
export function stepLimits(ms: number): StepLimits {
  return { createMs: ms, startMs: ms, stopMs: Math.min(ms, maxStopMs), removeMs: ms };
}

const text = notices('trial', { noEnd: '{step}: did not end within {limit} ms' });

/** A trial step that exceeded its timeout. */
export class StepTimeout extends MessageError {
  override readonly name = 'StepTimeout';
  readonly step: TrialStep;
  readonly limitMs: number;

  constructor(step: TrialStep, limitMs: number) {
    super(text.noEnd({ step, limit: limitMs }));
    this.step = step;
    this.limitMs = limitMs;
  }
}

/** A trial step that failed; `cause` is the thrown value. */
export class StepFailure extends MessageError {
  override readonly name = 'StepFailure';
  readonly step: TrialStep;

  constructor(step: TrialStep, cause: unknown) {
    super(saidBy(cause), { cause });
    this.step = step;
  }
}

/** The user asked to stop (Ctrl-C). */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Runs one step with a timeout. The step's signal is aborted at the timeout and at an interrupt. The caller continues
 * at once even when the step ignores the signal. Rejects with StepTimeout, StepFailure or Interrupted.
 */
export async function withDeadline<T>(
  step: TrialStep,
  limitMs: number,
  interrupt: AbortSignal,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (interrupt.aborted) throw new Interrupted('interrupted');
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onInterrupt = () => {};
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StepTimeout(step, limitMs)), limitMs);
    onInterrupt = () => reject(new Interrupted('interrupted'));
    interrupt.addEventListener('abort', onInterrupt, { once: true });
  });
  try {
    return await Promise.race([action(controller.signal), ended]);
  } catch (error) {
    if (error instanceof StepTimeout || error instanceof Interrupted) {
      controller.abort();
      throw error;
    }
    throw new StepFailure(step, error);
  } finally {
    clearTimeout(timer);
    interrupt.removeEventListener('abort', onInterrupt);
  }
}
