import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.turbo', {
  title: 'turbo / boost',
  unreadable: 'turbo or boost cannot be read here',
  off: 'off',
});
const doubts = reasons('doctor.turbo', {
  on: {
    message:
      'on: the frequency depends on temperature and on how many cores are busy. Impact: medium; interleaving averages it out',
    fix: 'echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo   (or: echo 0 > /sys/devices/system/cpu/cpufreq/boost)',
  },
});

export default {
  id: 'turbo',
  order: 4,
  title: words.title,
  impact: 'medium',
  check: ({ host: { turbo: on } }) => {
    if (on === null) return unknown(words.unreadable);
    return on ? warn(doubts.on) : ok(words.off);
  },
} satisfies HostCheck;
