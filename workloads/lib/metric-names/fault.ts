import { messages } from '../../../src/core/messages/define.ts';

/** Page faults. */
export default messages('metric', {
  'fault.first_touch': 'first touch of a page',
  'fault.again': 'touching a page again',
  'fault.unmap': 'giving a page back',
});
