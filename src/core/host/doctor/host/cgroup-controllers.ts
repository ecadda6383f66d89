import { listed } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, warn } from '../../../model/machine/check.ts';
import { type HostCheck, unifiedBoot } from '../host-check.ts';

const words = messages('doctor.cgroupControllers', {
  title: 'cgroup controllers',
  present: '{names} are available',
  remove: 'remove cgroup_disable= and v1 mounts of {names} from the boot configuration',
  removeAndEnable:
    'remove cgroup_disable= and v1 mounts of {names} from the boot configuration, and add cgroup_enable=memory',
  mount:
    'mount them:  mkdir -p /sys/fs/cgroup/{name} && mount -t cgroup -o {name} none /sys/fs/cgroup/{name} ; or {boot}',
});
const doubts = reasons('doctor.cgroupControllers', {
  missing: {
    message:
      'missing: {names}; their figures are absent, limits are not applied, and some runtimes do not start. Impact: high',
  },
});

const ofV2 = ['cpu', 'memory', 'io', 'pids'];
const ofV1 = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'];

export default {
  id: 'cgroup-controllers',
  order: 2,
  title: words.title,
  impact: 'high',
  check: ({ host: { cgroup: layout, controllers } }) => {
    const needed = layout === 'v2' ? ofV2 : ofV1;
    const missing = needed.filter((name) => !controllers.includes(name));
    const [name] = missing;
    if (name === undefined) return ok(words.present({ names: listed(needed) }));
    const names = listed(missing);
    const remove = missing.includes('memory') ? words.removeAndEnable : words.remove;
    const fix = layout === 'v2' ? remove({ names }) : words.mount({ name, boot: unifiedBoot });
    const doubt = doubts.missing({ names, fix });
    return missing.includes('cpu') || missing.includes('memory') ? fail(doubt) : warn(doubt);
  },
} satisfies HostCheck;
