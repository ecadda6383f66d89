import { messages } from '../../../src/messages/define.ts';

/** Compiling C. */
export default messages('metric', {
  'gcc.file': 'time to compile a file',
});
