import type { Message } from '../messages/message.ts';
import type { TrialSpec } from '../model/plan.ts';
import type { TrialPhase } from '../model/trial.ts';
import type { RunWriter } from '../store/run-directory.ts';
import type { TrialRunner } from './runner.ts';
import { interruptedBy, type TrialResult } from './trial.ts';

/**
 * How often one trial is begun in a session. Where it was interrupted each time it has no value, and the report says so
 * (`unmeasured` in analyze/warnings.ts): on a host that keeps standing still a run ends all the same.
 */
export const maxAttempts = 5;

/** What every trial of a run, a calibration or a preflight needs. */
export interface TrialAttempts {
  readonly runTrial: TrialRunner;
  /** Asked after every attempt: why the engine is no longer the one that was opened; null while it is. */
  readonly engineLost: () => Promise<Message | null> | Message | null;
  readonly interrupt: AbortSignal;
  /** Absent where nothing is kept. */
  readonly writer?: Pick<RunWriter, 'appendTrial' | 'appendReadings'>;
  readonly onBegin?: (spec: TrialSpec) => void;
  /** An attempt has ended and is recorded. */
  readonly onEnd?: (result: TrialResult) => void;
}

/**
 * Runs one trial until it has a value, at once again while it was interrupted and the user wants no end. An attempt during which
 * the engine was lost is recorded as interrupted, however it ended: nothing that a dying engine had a part in is a value.
 * `attempt`: the number of the first attempt. Resolves with the last attempt, and with how the engine was lost.
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
