import type { TrialOutcome, TrialRecord } from './trial.ts';

/** A trial with its effective outcome, which may differ from the recorded one, since the output is parsed again. */
export interface JudgedTrial {
  readonly trial: TrialRecord;
  readonly outcome: TrialOutcome;
}
