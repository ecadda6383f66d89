import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.ksm', {
  title: 'kernel same-page merging',
  unreadable: 'cannot be read here',
  off: 'off',
});
const doubts = reasons('doctor.ksm', {
  on: {
    message:
      'on: the kernel merges equal pages of guests over time, so the memory of Kata depends on when it is read. Impact: high for memory',
    fix: 'echo 0 > /sys/kernel/mm/ksm/run',
  },
});

export default {
  id: 'ksm',
  order: 14,
  title: words.title,
  impact: 'high',
  check: ({ host: { ksm: on } }) => {
    if (on === null) return unknown(words.unreadable);
    return on ? warn(doubts.on) : ok(words.off);
  },
} satisfies HostCheck;
