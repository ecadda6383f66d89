import { messages } from '../../../src/core/messages/define.ts';

/** Several containers that start at once. */
export default messages('metric', {
  'burst.latency': 'time to first output in a burst',
  'burst.latency_max': 'time to first output, slowest of a burst',
  'burst.rate': 'starts per second',
});
