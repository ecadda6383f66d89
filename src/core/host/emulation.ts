import { readFileSync } from 'node:fs';

/** QEMU's emulator, the only one that these files show. */
const tcg = 'QEMU TCG';

/**
 * What emulates the processor, from /proc/cmdline and /proc/cpuinfo; null without proof. Proof is one of: the lab's own
 * word on the kernel's command line; the model of QEMU's `max` on x86; its MIDR on Arm (implementer 0, part 'Q'),
 * because `max` under KVM is the host's processor. DMI and the `hypervisor` flag are the same under KVM, and so is the
 * model of a processor chosen by name (`-cpu qemu64`).
 */
export function parseEmulation(cmdline: string, cpuinfo: string): string | null {
  if (/(?:^|\s)ocibench\.accelerator=tcg(?:\s|$)/.test(cmdline)) return tcg;
  if (/^model name\s*:.*\bTCG CPU\b/m.test(cpuinfo)) return tcg;
  const arm = /^CPU implementer\s*:\s*0x00$/m.test(cpuinfo) && /^CPU part\s*:\s*0x051$/m.test(cpuinfo);
  return arm ? tcg : null;
}

/** Is the processor of this host emulated? False without proof. */
export function isEmulated(): boolean {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  return parseEmulation(read('/proc/cmdline'), read('/proc/cpuinfo')) !== null;
}
