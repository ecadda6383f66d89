import type { OptionDefinition } from '../../cli/command.ts';
import { options } from '../../cli/options.ts';
import { messages } from '../../core/messages/define.ts';
import type { GuestTerminal } from './input.ts';
import { guestKernels } from './kernel.ts';

const words = messages('option', {
  guestMemory: "memory of the guest, e.g. 2G (default: half of this host''s memory, at most 4G)",
  guestCpus: 'number of CPUs of the guest (default: as many as this host has, at most 4)',
  guestAccel: 'how the guest runs: on KVM, or emulated by TCG (default: KVM, if a guest boots on it)',
  guestKernel:
    "guest kernel: 6.12 from Debian 13 (the default), or 6.1 from Debian 12, where networking works in Debian''s runsc",
  guestDaemonJson:
    "the guest''s daemon.json (default: one that registers runc, crun, runsc, runsc-ptrace and kata)",
});

/** Chooses the kernel of the lab's guest. */
export const guestKernel = { flags: '--kernel <version>', words: words.guestKernel, choices: guestKernels };

/** Options that choose the lab's guest. */
export const guestOptions: readonly OptionDefinition[] = [
  { flags: '--memory <size>', words: words.guestMemory },
  { flags: '--cpus <number>', words: words.guestCpus },
  { flags: '--accel <kind>', words: words.guestAccel, choices: ['kvm', 'tcg'] },
  guestKernel,
  { flags: '--daemon-json <file>', words: words.guestDaemonJson },
  options.config,
  options.out,
];

/** Terminal and locale of this process, to be passed to a guest. */
export function guestTerminal(): GuestTerminal {
  const { LC_ALL, LC_MESSAGES, LANG, TERM } = process.env;
  const { isTTY, rows, columns } = process.stdout;
  return {
    locale: LC_ALL || LC_MESSAGES || LANG || '',
    terminal: isTTY ? { rows, columns, type: TERM ?? 'vt100' } : null,
    isInteractive: process.stdin.isTTY === true,
  };
}
