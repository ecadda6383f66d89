import { messages } from '../../../src/core/messages/define.ts';

/** Containers at rest. */
export default messages('metric', { 'at_rest.cpu': 'CPU of a sandbox at rest' });
