import { messages } from '../../../src/core/messages/define.ts';

/** A TCP stream, by iperf3. */
export default messages('metric', {
  'iperf3.bandwidth': 'bandwidth',
  'iperf3.peer_cpu': 'CPU of the client',
});
