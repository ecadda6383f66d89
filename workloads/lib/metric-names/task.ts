import { messages } from '../../../src/core/messages/define.ts';

/** Work of a known size, whatever program does it. */
export default messages('metric', {
  'task.time': 'time of one unit of work',
});
