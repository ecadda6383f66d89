import { messages } from '../../messages/define.ts';

/** Memory traffic. */
export default messages('metric', {
  'memory.throughput': 'memory throughput',
});
