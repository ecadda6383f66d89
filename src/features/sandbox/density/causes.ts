import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { KneeCause } from './knee.ts';

/** Why no more sandboxes were added, as a fact. */
export const causeWords: Readonly<Record<KneeCause, Message>> = messages('density.cause', {
  memory: 'memory: the reserve was reached',
  threads: 'threads: nine tenths of the limit',
  files: 'open files: nine tenths of the limit',
  stalls: 'memory: tasks waited for it',
  cpu: 'CPU: tasks waited for it',
  engine: 'engine: more CPU for each start',
  starts: 'starts: they became slow',
  answers: 'answers: they became slow',
  failed: 'a start failed',
  died: 'a sandbox ended by itself',
  oom: 'memory: the kernel killed a sandbox',
  time: 'time: starting took two minutes',
  end: 'none: all that the test adds',
});

/** The same within a sentence. */
export const causeInText: Readonly<Record<KneeCause, Message>> = messages('density.causeInText', {
  memory: 'the memory kept in reserve was reached',
  threads: 'nine tenths of all threads were in use',
  files: 'nine tenths of all open files were in use',
  stalls: 'tasks waited for memory',
  cpu: 'tasks waited for a CPU',
  engine: 'the engine needed more CPU for each start',
  starts: 'starts became slow',
  answers: 'answers became slow',
  failed: 'a start failed',
  died: 'a sandbox ended by itself',
  oom: 'the kernel killed a sandbox for lack of memory',
  time: 'two minutes of starting were over',
  end: 'the test ended',
});
