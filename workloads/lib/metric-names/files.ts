import { messages } from '../../../src/core/messages/define.ts';

/** Small files. */
export default messages('metric', {
  'files.create': 'creating a file',
  'files.read': 'reading a file',
  'files.stat': 'stat of a file',
  'files.delete': 'removing a file',
  'files.cycle': 'all four together',
});
