import { messages } from '../../messages/define.ts';

/** One operation, whichever a workload repeats. */
export default messages('metric', {
  'op.time': 'time of one operation',
  'op.rate': 'operations per second',
});
