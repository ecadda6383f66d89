import { messages } from '../../../src/core/messages/define.ts';

/** Lines that a container prints. */
export default messages('metric', {
  'output.line': 'time per line of output',
});
