import { messages } from '../../../src/messages/define.ts';

/** Archives. */
export default messages('metric', {
  'tar.files_rate': 'files per second',
  'tar.throughput': 'throughput of the archive',
});
