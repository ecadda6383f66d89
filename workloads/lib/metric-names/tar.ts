import { messages } from '../../../src/core/messages/define.ts';

/** Archives. */
export default messages('metric', {
  'tar.files_rate': 'files per second',
  'tar.throughput': 'throughput of the archive',
});
