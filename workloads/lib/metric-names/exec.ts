import { messages } from '../../../src/core/messages/define.ts';

/** A program started in a running container. */
export default messages('metric', {
  'exec.to_output': 'exec to first output of the program',
  'exec.total': 'exec to exit code',
});
