import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { CallClass } from './recording.ts';

/** Names of the classes, for people. */
export const classNames: Readonly<Record<CallClass, Message>> = messages('recording.class', {
  trap: 'trap only',
  read: 'read',
  write: 'write',
  open: 'paths and files',
  socket: 'socket',
  wait: 'wait',
  futex: 'futex',
  memory: 'memory',
  process: 'processes',
  other: 'others',
});
