import type { TrialOutcome, TrialRecord } from './trial.ts';

/** A trial with the outcome that counts, which may differ from the recorded one (its output is parsed again). */
export interface JudgedTrial {
  readonly trial: TrialRecord;
  readonly outcome: TrialOutcome;
}
