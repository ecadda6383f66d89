import { messages } from '../../../src/core/messages/define.ts';

/** Pages that were never written. */
export default messages('metric', {
  'zero_page.read': 'first read of an untouched page',
});
