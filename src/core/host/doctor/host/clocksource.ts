import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.clocksource', {
  title: 'clock',
  unreadable: 'cannot be read here',
  fast: '{clock}: read without a system call',
});
const doubts = reasons('doctor.clocksource', {
  slow: {
    message:
      '{clock}: every reading of the clock costs a system call. Impact: high for workloads that time themselves',
    fix: 'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource   (if available_clocksource lists it)',
  },
});

/** Clocks that are read in user mode (vDSO); all others cost a system call, and under a hypervisor an exit. */
const fastClocks = [
  'tsc',
  'kvm-clock',
  'arch_sys_counter',
  'hyperv_clocksource_tsc_page',
  'riscv_clocksource',
  'tod',
];

export default {
  id: 'clocksource',
  order: 9,
  title: words.title,
  impact: 'high',
  check: ({ host: { clocksource: clock } }) => {
    if (clock === null) return unknown(words.unreadable);
    return fastClocks.includes(clock) ? ok(words.fast({ clock })) : warn(doubts.slow({ clock }));
  },
} satisfies HostCheck;
