import { messages } from '../../../src/messages/define.ts';

/** SQLite. */
export default messages('metric', {
  'sqlite.rows_rate': 'rows per second',
});
