import { listed } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.mitigations', {
  title: 'mitigations of CPU vulnerabilities',
  unreadable: '/sys/devices/system/cpu/vulnerabilities cannot be read',
  active: 'active, or not needed by this CPU',
  without: 'active; without: {names}',
});
const doubts = reasons('doctor.mitigations', {
  off: {
    message:
      '{names} not mitigated: system calls are cheaper than on a protected host, and runtimes that make more of them look better. Impact: high for comparisons between hosts',
    fix: 'remove mitigations=off from the kernel command line',
  },
});

/** Mitigations that make system calls more expensive. */
const ofSystemCalls = ['meltdown', 'spectre_v2'];

export default {
  id: 'mitigations',
  order: 6,
  title: words.title,
  impact: 'high',
  check: ({ host: { mitigations: states } }) => {
    const names = Object.keys(states);
    if (names.length === 0) return unknown(words.unreadable);
    const open = names.filter((name) => states[name]?.startsWith('Vulnerable'));
    const off = ofSystemCalls.filter((name) => open.includes(name));
    if (off.length > 0) return warn(doubts.off({ names: listed(off, 'and') }));
    return ok(open.length === 0 ? words.active : words.without({ names: listed(open) }));
  },
} satisfies HostCheck;
