import { messages } from '../../../src/core/messages/define.ts';

/** One operation that a workload repeats. */
export default messages('metric', {
  'op.time': 'time of one operation',
  'op.rate': 'operations per second',
});
