import { messages } from '../../../src/core/messages/define.ts';

/** Memory traffic. */
export default messages('metric', {
  'memory.throughput': 'memory throughput',
});
