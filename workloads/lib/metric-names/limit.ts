import { messages } from '../../../src/core/messages/define.ts';

/** A memory limit. */
export default messages('metric', {
  'limit.usable': 'memory that is usable below the limit',
  'limit.overhead': 'part of the limit that is not usable',
});
