import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { RunRecord } from '../model/run.ts';

/** Words for a run's status in notes and warnings. */
export const runStatus: Readonly<Record<RunRecord['status'], Message>> = messages('runStatus', {
  running: 'running',
  complete: 'complete',
  interrupted: 'interrupted',
  failed: 'failed',
});
