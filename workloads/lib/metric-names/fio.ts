import { messages } from '../../../src/core/messages/define.ts';

/** Reads and writes by fio. */
export default messages('metric', {
  'fio.bandwidth': 'bandwidth',
  'fio.iops': 'operations per second',
  'fio.latency_mean': 'mean latency',
  'fio.latency_p99': '99th percentile of latency',
});
