import { messages } from '../../../src/core/messages/define.ts';

/** System calls; `{member}` is one of them. */
export default messages('metric', {
  'syscall.trivial': 'cost of trivial system calls',
  'syscall.throughput': 'system calls per second',
  'syscall.*': 'cost of {member}()',
});
