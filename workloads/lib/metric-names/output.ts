import { messages } from '../../../src/messages/define.ts';

/** Lines that a container prints. */
export default messages('metric', {
  'output.line': 'time per line of output',
});
