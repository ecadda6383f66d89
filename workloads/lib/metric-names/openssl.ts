import { messages } from '../../../src/messages/define.ts';

/** openssl speed. */
export default messages('metric', {
  'openssl.throughput': 'throughput',
});
