import { messages } from '../../../src/core/messages/define.ts';

/** Freezing and thawing a container. */
export default messages('metric', {
  'pause.round': 'freeze and thaw',
  'pause.freeze': 'freeze',
  'pause.thaw': 'thaw',
});
