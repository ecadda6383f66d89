import { messages, reasons } from '../../../messages/define.ts';
import { ok, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.virtualisation', {
  title: 'virtualisation',
  none: 'none: bare metal',
  unnamed: 'hypervisor unknown',
});
const doubts = reasons('doctor.virtualisation', {
  guest: {
    message:
      "this machine is a guest ({hypervisor}): other guests can take CPU time from it (steal, recorded per trial), and Kata and gVisor's kvm platform run nested. Impact: high for those two, medium for the others",
    fix: 'measure on bare metal, or compare only runs from the same kind of guest',
  },
});

export default {
  id: 'virtualisation',
  order: 11,
  title: words.title,
  impact: 'high',
  check: ({ host: { hypervisor } }) =>
    hypervisor === null
      ? ok(words.none)
      : warn(doubts.guest({ hypervisor: hypervisor === 'unknown' ? words.unnamed : hypervisor })),
} satisfies HostCheck;
