import { messages } from '../../../src/core/messages/define.ts';

/** Redis, by redis-benchmark. */
export default messages('metric', {
  'redis.requests_rate': 'requests per second',
  'redis.latency_p50': 'median latency',
  'redis.latency_p99': '99th percentile of latency',
});
