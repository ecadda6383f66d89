import { messages } from '../../../src/core/messages/define.ts';

/** openssl speed. */
export default messages('metric', {
  'openssl.throughput': 'throughput',
});
