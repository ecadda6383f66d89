import type { Message } from '../messages/message.ts';
import type { TrialSpec } from '../model/plan.ts';
import type { TrialPhase } from '../model/trial.ts';
import type { RunWriter } from '../store/run-directory.ts';
import type { TrialRunner } from './runner.ts';
import { interruptedBy, type TrialResult } from './trial.ts';

/**
 * Maximum attempts of one trial in a session. A trial that was interrupted every time has no value, and the report says
 * so (`unmeasured` in analyze/warnings.ts): a run ends even on a host that is paused again and again.
 */
export const maxAttempts = 5;

/** Input of every trial of a run, a calibration or a preflight. */
export interface TrialAttempts {
  readonly runTrial: TrialRunner;
  /** Called after every attempt: why the engine is no longer the one that was opened; null while it is. */
  readonly engineLost: () => Promise<Message | null> | Message | null;
  readonly interrupt: AbortSignal;
  /** Absent where nothing is stored. */
  readonly writer?: Pick<RunWriter, 'appendTrial' | 'appendReadings'>;
  readonly onBegin?: (spec: TrialSpec) => void;
  /** An attempt has ended and is recorded. */
  readonly onEnd?: (result: TrialResult) => void;
}

/**
 * Runs one trial until it has a value: retries at once while it was interrupted, unless the user interrupted it. An
 * attempt during which the engine was lost is recorded as interrupted, however it ended, because the failing engine may
 * have affected it. `attempt`: number of the first attempt. Resolves with the last attempt, and with how the engine was
 * lost.
 */
export async function attemptTrial(
  trials: TrialAttempts,
  spec: TrialSpec,
  place: { readonly block: number; readonly phase: TrialPhase; readonly attempt: number },
): Promise<{ readonly result: TrialResult; readonly lost: Message | null }> {
  for (let tries = 0; ; tries++) {
    trials.onBegin?.(spec);
    const ended = await trials.runTrial(spec, { ...place, attempt: place.attempt + tries });
    const lost = await trials.engineLost();
    const result = lost === null ? ended : interruptedBy(lost, ended);
    const isInterrupted = result.record.outcome.status === 'interrupted';
    if (!isInterrupted) trials.writer?.appendReadings(result.readings);
    trials.writer?.appendTrial(result.record);
    trials.onEnd?.(result);
    const again = isInterrupted && lost === null && !trials.interrupt.aborted && tries + 1 < maxAttempts;
    if (!again) return { result, lost };
  }
}
