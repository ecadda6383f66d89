import type { Message } from '../../../core/messages/message.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { ScheduledBlock } from '../../../core/model/schedule.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';

/** What in the records cannot have been measured as it is written there. */
export interface Finding {
  /** The file and what of it: `trials.jsonl: b003p001`. */
  readonly at: string;
  readonly message: Message;
}

/** What a run is judged by. */
export interface Records {
  readonly run: RunRecord;
  readonly blocks: readonly ScheduledBlock[];
  readonly trials: readonly TrialRecord[];
}

/** Where a trial is. */
export function trialAt({ trialId, attempt }: Pick<TrialRecord, 'trialId' | 'attempt'>): string {
  return `trials.jsonl: ${trialId}${attempt > 1 ? ` (${attempt})` : ''}`;
}
