import { messages } from '../../../src/core/messages/define.ts';

/** Compiling C. */
export default messages('metric', {
  'gcc.file': 'time to compile a file',
});
