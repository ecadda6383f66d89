import { messages } from '../../messages/define.ts';

const words = messages('doctor', {
  unifiedBoot: 'boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line',
});

/** How to boot a machine with cgroup v2 only. */
export const { unifiedBoot } = words;
