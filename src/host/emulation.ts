import { readFileSync } from 'node:fs';

/** QEMU's emulator, the only one that shows itself in these files. */
const tcg = 'QEMU TCG';

/**
 * By what the processor is emulated, from /proc/cmdline and /proc/cpuinfo; null where nothing proves that it is.
 * Proof is: our own lab's word on the kernel's command line; the model that QEMU's `max` has on x86; its MIDR
 * on Arm (implementer 0, part 'Q'), for with KVM `max` is the host's processor. DMI and the `hypervisor` flag are
 * the same under KVM, and a processor chosen by name (`-cpu qemu64`) has the same model there too.
 */
export function parseEmulation(cmdline: string, cpuinfo: string): string | null {
  if (/(?:^|\s)ocibench\.accelerator=tcg(?:\s|$)/.test(cmdline)) return tcg;
  if (/^model name\s*:.*\bTCG CPU\b/m.test(cpuinfo)) return tcg;
  const arm = /^CPU implementer\s*:\s*0x00$/m.test(cpuinfo) && /^CPU part\s*:\s*0x051$/m.test(cpuinfo);
  return arm ? tcg : null;
}

/** Is the processor of this host emulated? No, where nothing proves that it is. */
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
