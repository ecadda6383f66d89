import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.emulation', {
  title: 'emulated processor',
  none: 'no sign of one: instructions run on a real processor',
});
const doubts = reasons('doctor.emulation', {
  emulated: {
    message:
      '{emulator} executes every instruction in software. System calls, page faults, traps and atomic operations have other relative costs there than on a real processor, and runtimes differ in just these. Ratios do not carry over: they are for demonstration, not for decisions. Impact: very high',
    fix: 'measure on real hardware, or in a guest with hardware virtualisation (QEMU: -accel kvm)',
  },
});

export default {
  id: 'emulation',
  order: 12,
  title: words.title,
  impact: 'high',
  check: ({ host: { emulation: emulator } }) =>
    emulator === null ? ok(words.none) : fail(doubts.emulated({ emulator })),
} satisfies HostCheck;
