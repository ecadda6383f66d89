import { messages } from '../../../src/core/messages/define.ts';

/** A service from its start to its stop. */
export default messages('metric', {
  'startup.to_serving': 'create to serving',
  'startup.start_to_serving': 'start to serving',
  'startup.stop': 'time to stop',
  'stop.time': 'time to stop',
});
