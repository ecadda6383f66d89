import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { TrialStep } from '../../core/model/trial.ts';

/** What a trial was doing. */
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
