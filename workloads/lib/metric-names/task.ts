import { messages } from '../../../src/messages/define.ts';

/** Work of a known size, whatever program does it. */
export default messages('metric', {
  'task.time': 'time of one unit of work',
});
