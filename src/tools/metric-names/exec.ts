import { messages } from '../../messages/define.ts';

/** A program that is started in a container that runs. */
export default messages('metric', {
  'exec.to_output': 'exec to first output of the program',
  'exec.total': 'exec to exit code',
});
