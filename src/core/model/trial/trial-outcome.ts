import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import type { TrialOutcome, TrialRecord } from './trial.ts';

/** If more than this share of a cell's trials failed, its values are those of survivors, and no verdict is based on them. */
const toleratedFailures = 0.1;

/** True if so many trials failed that the others count as survivors. */
export function areSurvivors({ failed, ok }: { readonly failed: number; readonly ok: number }): boolean {
  return failed > toleratedFailures * (failed + ok);
}

/** A trial with its effective outcome, which may differ from the recorded one, since the output is parsed again. */
export interface TrialWithOutcome {
  readonly trial: TrialRecord;
  readonly outcome: TrialOutcome;
}

const { outputLost } = notices('trial', {
  outputLost: 'the container ended with exit code 0, but the engine returned none of its output',
});

/**
 * Why a trial's output may have been lost on its way through dockerd; null where it was not. dockerd answers an attach
 * request before it copies output. If it gets no CPU time for copying until the container has ended, it closes the
 * stream without a byte. A runtime that loses the output looks the same; one repetition tells the two apart.
 */
export function whyOutputLost({ cell, outcome, exitCode, output }: TrialRecord): Message | null {
  const isSilent = output.stdout === '' && output.stderr === '' && !output.truncated;
  const isFailed = outcome.status === 'failed' && outcome.step === 'parse';
  return cell.layer === 'docker' && isFailed && exitCode === 0 && isSilent ? outputLost : null;
}

/** Was the attempt recorded as one whose output was lost, so that it was repeated? */
export function wasRepeatedForOutput({ outcome }: Pick<TrialRecord, 'outcome'>): boolean {
  if (outcome.status !== 'interrupted' || outcome.reason === undefined) return false;
  return recalled(outcome, 'reason').id === outputLost.id;
}
