import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { givenUp } from '../../../core/model/run/given-up.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import type { ScheduledBlock } from '../../../core/model/run/schedule.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';

/** The records of a run that are verified. */
interface Records {
  readonly run: RunRecord;
  readonly blocks: readonly ScheduledBlock[];
  readonly trials: readonly TrialRecord[];
}

const text = notices('incomplete', {
  status:
    'the run is {status, select, running {still running, or was killed} interrupted {interrupted} other {failed}}',
  noSchedule: 'schedule.jsonl contains no block',
  noTrial:
    '{n, plural, one {a scheduled trial has no record: {first}} other {{n} scheduled trials have no record, the first is {first}}}',
  torn: 'the last line of {file} was cut off by a crash',
});

/** Parts of a complete run that this one lacks. */
export function missingParts({
  run,
  blocks,
  trials,
  torn,
}: Records & { readonly torn: readonly string[] }): readonly Message[] {
  const missing = unmeasured({ run, blocks, trials });
  const [first] = missing;
  return [
    ...(run.status === 'complete' ? [] : [text.status({ status: run.status })]),
    ...torn.map((file) => text.torn({ file })),
    ...(blocks.length === 0 ? [text.noSchedule] : []),
    ...(first === undefined ? [] : [text.noTrial({ n: missing.length, first })]),
  ];
}

/**
 * Ids of scheduled trials whose record is missing without a reason. Reasons: a time limit or the user ended the run, which cuts
 * the last block of a part; a cell that was given up has no further trials.
 */
function unmeasured({ run, blocks, trials }: Records): readonly string[] {
  const recorded = new Set(trials.map(({ trialId }) => trialId));
  const given = givenUp(
    blocks.flatMap((block) => block.trials.map(({ cell }) => cell)),
    trials,
  );
  const lastOfPart = new Set([
    blocks.length - 1,
    ...(run.extensions ?? []).map(({ fromBlock }) => fromBlock - 1),
  ]);
  return blocks.flatMap((block, n) => {
    const until =
      lastOfPart.has(n) && mayEndEarly(run, n === blocks.length - 1)
        ? lastMeasured(block, recorded)
        : block.trials.length;
    return block.trials
      .slice(0, until)
      .filter(({ trialId, cell }) => !recorded.has(trialId) && !given.has(cellKey(cell)))
      .map(({ trialId }) => trialId);
  });
}

/** May this part have ended early? The reason is recorded only for the last part. */
function mayEndEarly({ stopReason, status }: Records['run'], isLast: boolean): boolean {
  return !isLast || status !== 'complete' || stopReason === 'max-time';
}

/** Number of the block's trials up to the last that has a record. */
function lastMeasured({ trials }: ScheduledBlock, recorded: ReadonlySet<string>): number {
  return trials.findLastIndex(({ trialId }) => recorded.has(trialId)) + 1;
}
