import { messages } from '../../messages/define.ts';

const words = messages('doctor', {
  unifiedBoot: 'boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line',
});

/** How a machine gets cgroup v2 alone. */
export const { unifiedBoot } = words;
