import { messages } from '../../../src/core/messages/define.ts';

/** A CPU quota. */
export default messages('metric', {
  'quota.used': 'share of the quota that was used',
  'quota.cpus': 'quota, CPUs',
  'quota.throttled': 'share of periods held back',
  'quota.visible_cpus': 'CPUs that are visible inside',
});
