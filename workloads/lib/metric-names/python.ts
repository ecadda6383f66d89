import { messages } from '../../../src/core/messages/define.ts';

/** Python. */
export default messages('metric', {
  'python.round': 'time of one round',
  'python.start': 'time of one start of Python',
});
