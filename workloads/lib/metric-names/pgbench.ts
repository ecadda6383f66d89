import { messages } from '../../../src/core/messages/define.ts';

/** PostgreSQL, by pgbench. */
export default messages('metric', {
  'pgbench.transactions_rate': 'transactions per second',
  'pgbench.latency_mean': 'mean latency of a transaction',
  'pgbench.connect': 'time to connect',
});
