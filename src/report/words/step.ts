import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { lookup } from '../../core/model/nearest.ts';
import type { TrialStep } from '../../core/model/trial/trial.ts';

const stopReasons = messages('stopReason', {
  precision: 'at the requested precision',
  decided: 'once every comparison was clear or precise enough',
  'max-blocks': 'at the largest number of blocks',
  'max-time': 'at the time limit',
  interrupted: 'by an interruption',
  'engine-lost': 'because the engine was lost',
});

/** Why sampling ended; an unknown reason is returned unchanged. */
export function stopReasonName(reason: string): Message {
  return lookup(stopReasons, reason) ?? external(reason);
}

const timeOuts = messages('report', {
  timedOut: 'timed out after {limit}',
  timedOutStep: 'timed out after {limit} (--set stepLimit gives it longer)',
});

/** Steps whose time the user limits by `stepLimit`; others have a limit of their workload, or end within seconds. */
const limitedSteps: ReadonlySet<TrialStep> = new Set(['create', 'attach', 'start', 'remove']);

/** What a step did that had no end within this time: `timed out after 30.0 s`. */
export function timedOutAfter(step: TrialStep, limit: string): Message {
  return limitedSteps.has(step) ? timeOuts.timedOutStep({ limit }) : timeOuts.timedOut({ limit });
}

/** Step of a trial in words. */
export const stepNames: Readonly<Record<TrialStep, Message>> = messages('step', {
  prepare: 'preparing',
  create: 'creating',
  attach: 'attaching',
  start: 'starting',
  run: 'running',
  peer: 'running the peer',
  probe: 'asking the service',
  exec: 'running a program in it',
  pause: 'pausing',
  stop: 'stopping',
  remove: 'removing',
  collect: 'collecting',
  parse: 'reading the output',
});
