import { messages } from '../../../src/messages/define.ts';

/** Memory traffic. */
export default messages('metric', {
  'memory.throughput': 'memory throughput',
});
