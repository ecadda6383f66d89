import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok } from '../../../model/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.emulation', {
  title: 'emulated processor',
  none: 'no sign of one: instructions run on a real processor',
});
const doubts = reasons('doctor.emulation', {
  emulated: {
    message:
      '{emulator} executes every instruction in software: what is cheap and what is dear there (system calls, page faults, traps, atomic operations) has little to do with a real processor, and runtimes differ in just these. Ratios do not carry over: for demonstration, not for decisions. Matters most of all',
    fix: 'measure on real hardware, or in a guest with hardware virtualisation (QEMU: -accel kvm)',
  },
});

const emulation: HostCheck = {
  id: 'emulation',
  order: 12,
  title: words.title,
  impact: 'high',
  check: ({ host: { emulation: emulator } }) =>
    emulator === null ? ok(words.none) : fail(doubts.emulated({ emulator })),
};
export default emulation;
