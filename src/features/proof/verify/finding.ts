import type { Message } from '../../../core/messages/message.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { ScheduledBlock } from '../../../core/model/schedule.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';

/** A value in the records that cannot have been measured. */
export interface Finding {
  /** File and place in it: `trials.jsonl: b003p001`. */
  readonly at: string;
  readonly message: Message;
}

/** The records of a run that are verified. */
export interface Records {
  readonly run: RunRecord;
  readonly blocks: readonly ScheduledBlock[];
  readonly trials: readonly TrialRecord[];
}

/** Place of a trial, for {@link Finding.at}. */
export function trialAt({ trialId, attempt }: Pick<TrialRecord, 'trialId' | 'attempt'>): string {
  return `trials.jsonl: ${trialId}${attempt > 1 ? ` (${attempt})` : ''}`;
}
