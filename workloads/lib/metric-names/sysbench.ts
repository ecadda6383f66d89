import { messages } from '../../../src/core/messages/define.ts';

/** sysbench cpu. */
export default messages('metric', {
  'sysbench.events_rate': 'events per second',
  'sysbench.threads': 'threads',
});
