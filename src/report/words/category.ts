import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Category } from '../../core/model/workload/metric.ts';

/** Names as titles. */
export const categoryNames: Readonly<Record<Category, Message>> = messages('category', {
  startup: 'Startup',
  syscall: 'System calls',
  io: 'Input and output',
  memory: 'Memory',
  cpu: 'CPU',
  network: 'Network',
  app: 'Applications',
  sandbox: 'Sandboxes',
  agent: 'Agent work',
  restore: 'Restore',
  density: 'Density',
  isolation: 'Isolation',
});

/** Names inside a sentence. */
export const categoryInText: Readonly<Record<Category, Message>> = messages('categoryInText', {
  startup: 'starting and stopping',
  syscall: 'system calls',
  io: 'input and output',
  memory: 'memory',
  cpu: 'CPU-bound work',
  network: 'network',
  app: 'applications',
  sandbox: 'sandboxes',
  agent: 'work of agents',
  restore: 'restoring checkpoints',
  density: 'sandboxes side by side',
  isolation: 'isolation',
});
