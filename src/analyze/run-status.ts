import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { RunRecord } from '../model/run.ts';

/** A run's status as notes and warnings say it. */
export const runStatus: Readonly<Record<RunRecord['status'], Message>> = messages('runStatus', {
  running: 'running',
  complete: 'complete',
  interrupted: 'interrupted',
  failed: 'failed',
});
