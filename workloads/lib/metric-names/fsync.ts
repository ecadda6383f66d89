import { messages } from '../../../src/core/messages/define.ts';

/** Writes that are synced one by one. */
export default messages('metric', {
  'fsync.p50': 'median time of an fsync',
  'fsync.p95': '95th percentile of an fsync',
  'fsync.p99': '99th percentile of an fsync',
  'fsync.mean': 'mean time of an fsync',
  'fsync.rate': 'synced writes per second',
});
