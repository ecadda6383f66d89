import { messages } from '../../../src/core/messages/define.ts';

/** SQLite. */
export default messages('metric', {
  'sqlite.rows_rate': 'rows per second',
});
