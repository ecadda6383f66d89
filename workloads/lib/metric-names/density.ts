import { messages } from '../../../src/core/messages/define.ts';

/** Many idle containers side by side. */
export default messages('metric', {
  'density.available': 'memory per sandbox (MemAvailable)',
  'density.charged': 'memory per sandbox (charged)',
  'density.resident': 'memory per sandbox (resident)',
  'density.footprint': 'memory per sandbox (footprint)',
  'density.idle_cpu': 'CPU of an idle sandbox',
});
