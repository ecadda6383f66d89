import { messages } from '../../../src/core/messages/define.ts';

/** The answers of a server in the container, by wrk. */
export default messages('metric', {
  'wrk.requests_rate': 'requests per second',
  'wrk.latency_p50': 'median latency',
  'wrk.latency_p99': '99th percentile of latency',
});
