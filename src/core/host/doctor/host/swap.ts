import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.swap', {
  title: 'swap',
  unreadable: '/proc/meminfo cannot be read',
  unused: 'not used',
  used: '{mib} MiB in use',
});
const doubts = reasons('doctor.swap', {
  much: {
    message:
      '{mib} MiB in use: pages that come back from disk are slow, and cgroup memory looks smaller. Impact: medium',
    fix: 'swapoff -a && swapon -a',
  },
});

export default {
  id: 'swap',
  order: 8,
  title: words.title,
  impact: 'medium',
  check: ({ host: { swapUsedBytes, memoryBytes } }) => {
    if (swapUsedBytes === null) return unknown(words.unreadable);
    const mib = Math.round(swapUsedBytes / 1024 ** 2);
    if (swapUsedBytes > 0.01 * memoryBytes) return warn(doubts.much({ mib }));
    return ok(swapUsedBytes === 0 ? words.unused : words.used({ mib }));
  },
} satisfies HostCheck;
