import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, warn } from '../../../model/machine/check.ts';
import { type HostCheck, unifiedBoot } from '../host-check.ts';

const words = messages('doctor.cgroup', {
  title: 'cgroup version',
  v2: 'v2: the reference for all accounting',
});
const doubts = reasons('doctor.cgroup', {
  missing: {
    message:
      'no cgroup hierarchy is mounted below /sys/fs/cgroup; Docker cannot start containers. Impact: high',
    fix: 'mount -t cgroup2 none /sys/fs/cgroup',
  },
  hybrid: {
    message:
      'hybrid: v1 controllers alongside /sys/fs/cgroup/unified. Pressure (PSI) per trial is unavailable, and crun starts only in the embedded engine (ocibench’s private daemon). Impact: medium',
  },
  v1: {
    message:
      'v1: used as a fallback, and the report says so; pressure (PSI) per trial is unavailable. Impact: medium',
  },
});

export default {
  id: 'cgroup',
  order: 1,
  title: words.title,
  impact: 'high',
  check: ({ host }) => {
    if (host.cgroup === 'v2') return ok(words.v2);
    if (host.cgroup === 'unknown') return fail(doubts.missing);
    return warn(doubts[host.cgroup]({ fix: unifiedBoot }));
  },
} satisfies HostCheck;
