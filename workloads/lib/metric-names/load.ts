import { messages } from '../../../src/core/messages/define.ts';

/** A load on a service of the user's own, and a job of it. */
export default messages('metric', {
  'load.rate': 'requests per second',
  'load.latency_mean': 'mean latency',
  'load.latency_p50': 'median latency',
  'load.latency_p99': '99th percentile of latency',
  'load.time': 'time of the load',
  'job.time': 'time from start to end',
});
