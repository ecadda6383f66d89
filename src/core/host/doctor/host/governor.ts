import { external } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.governor', {
  title: 'CPU frequency governor',
  none: 'no cpufreq here',
  ofHypervisor: 'no cpufreq here: the host of this guest decides the frequency',
});
const doubts = reasons('doctor.governor', {
  changing: {
    message:
      '{governor}: the CPU is still changing its frequency during short trials. Impact: high for startup and system calls',
    fix: 'for f in /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor; do echo performance > $f; done',
  },
});

export default {
  id: 'governor',
  order: 3,
  title: words.title,
  impact: 'high',
  check: ({ host: { governor: name, hypervisor } }) => {
    if (name === null) return unknown(hypervisor === null ? words.none : words.ofHypervisor);
    return name === 'performance' ? ok(external(name)) : warn(doubts.changing({ governor: name }));
  },
} satisfies HostCheck;
