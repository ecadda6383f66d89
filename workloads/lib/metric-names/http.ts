import { messages } from '../../../src/core/messages/define.ts';

/** The answers of a server on the network, by wrk. */
export default messages('metric', {
  'http.requests_rate': 'requests per second',
  'http.latency_p50': 'median latency',
  'http.latency_p99': '99th percentile of latency',
});
