import { messages, reasons } from '../messages/define.ts';
import { fail } from '../model/machine/check.ts';
import { engineTraits } from '../model/runtime/engine-kind.ts';
import { failureRules } from './failure-row.ts';
import type { Family } from './family.ts';
import { hostNetworkStack, runcFlags, runcShimOptions, whyToCompare } from './host-kernel.ts';
import { crunReleased } from './release-dates.ts';

const words = messages('doctor.crunHybrid', { title: 'crun on hybrid cgroups' });
const doubts = reasons('doctor.crunHybrid', {
  fails: {
    message:
      'crun does not start on hybrid cgroups (v1 controllers beside /sys/fs/cgroup/unified). Its rows will say so',
    fix: 'use --engine embedded, or boot with systemd.unified_cgroup_hierarchy=1',
  },
});
const origin = messages('runtime.crun', {
  current: 'download the static binary of a release: https://github.com/containers/crun/releases',
});

/** crun: an OCI runtime like runc, in C. */
export default {
  id: 'crun',
  product: 'crun',
  order: 1,
  recognition: { pattern: /crun/i, priority: 4 },
  kernel: 'host',
  colors: ['#e69f00', '#996900', '#f5c963'],
  released: crunReleased,
  current: origin.current,
  programs: [{ name: 'crun', entry: () => ({ name: 'crun', path: 'crun' }) }],
  networkStack: hostNetworkStack,
  role: (name) => (name === 'crun' ? 'runtime' : null),
  failures: failureRules([
    [
      /cgroups in hybrid mode not supported/,
      'crun-hybrid-cgroup',
      'crun does not run on hybrid cgroups (v1 controllers beside /sys/fs/cgroup/unified)',
      'use --engine embedded, which hides that mount from its own engine; or boot with systemd.unified_cgroup_hierarchy=1',
    ],
  ]),
  recordedFlags: [...runcFlags, 'cgroup-manager', 'log-level', 'config'],
  recordedOptions: runcShimOptions,
  packages: [
    {
      program: 'crun',
      package: 'crun',
      why: whyToCompare,
      elsewhere: 'https://github.com/containers/crun/releases',
    },
  ],
  guestEntries: () => ({ crun: { path: '/usr/bin/crun' } }),
  checks: [
    {
      id: 'crun-hybrid',
      title: words.title,
      impact: 'high',
      check: ({ engine, host }) =>
        host.cgroup === 'hybrid' && engine.local && !engineTraits(engine).isPrivate
          ? fail(doubts.fails)
          : null,
    },
  ],
} satisfies Family;
