/** PRETTY_NAME of /etc/os-release (os-release(5)), or `Linux`. */
export function parseOsRelease(text: string): string {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  return value.replace(/^(["'])(.*)\1$/, '$2') || 'Linux';
}

/** The fields of /proc/cpuinfo that are used. */
export function parseCpuinfo(text: string): {
  readonly model: string | null;
  readonly hypervisorFlag: boolean;
  /** Such as `0xa20102b`. */
  readonly microcode: string | null;
} {
  const model = /^(?:model name|Model|cpu model|Processor)\s*:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null;
  const flags = /^flags\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  const microcode = /^microcode\s*:\s*(\S+)$/m.exec(text)?.[1] ?? null;
  return { model, hypervisorFlag: flags.includes('hypervisor'), microcode };
}

/** A line of /proc/meminfo (in KiB), as bytes; null where the line is missing. */
export function parseMeminfo(text: string, name: string): number | null {
  const kib = new RegExp(`^${name}:\\s+(\\d{1,20}) kB$`, 'm').exec(text)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** The word in brackets: `always [never] deny` → `never`. */
export function parseSelected(text: string): string | null {
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? null;
}

/** `1` → true, `0` → false, anything else → null. */
export function parseSwitch(text: string | null): boolean | null {
  const word = text?.trim();
  return word === '1' ? true : word === '0' ? false : null;
}

/**
 * Parses /sys/kernel/mm/ksm/run: 1 merges; 0 stopped, 2 stopped and unmerged (Documentation/admin-guide/mm/ksm.rst).
 */
export function parseKsm(text: string | null): boolean | null {
  const word = text?.trim();
  return word === '1' ? true : word === '0' || word === '2' ? false : null;
}

/** Is turbo on? Intel's driver has `no_turbo`, the others `boost`; null where neither file exists. */
export function parseTurbo(noTurbo: string | null, boost: string | null): boolean | null {
  const off = parseSwitch(noTurbo);
  return off === null ? parseSwitch(boost) : !off;
}

/** What firmware and kernel say about a hypervisor; each null where the file is missing. */
export interface VirtualisationHints {
  readonly vendor: string | null;
  readonly product: string | null;
  /** /sys/hypervisor/type */
  readonly hypervisorType: string | null;
  readonly hypervisorFlag: boolean;
  readonly clocksource: string | null;
}

const vendors: readonly (readonly [RegExp, string])[] = [
  [/QEMU/i, 'qemu'],
  [/KVM|OpenStack|Red Hat|Google|Amazon EC2|DigitalOcean|Hetzner|Scaleway|OVH/i, 'kvm'],
  [/VMware/i, 'vmware'],
  [/innotek|VirtualBox/i, 'virtualbox'],
  [/Xen/i, 'xen'],
  [/Microsoft Corporation.*Virtual Machine/is, 'hyperv'],
  [/Parallels/i, 'parallels'],
  [/Apple.*Virtualization/i, 'apple'],
];

/** A file of sysfs is one page at most (Documentation/filesystems/sysfs.rst); the patterns would be slow on more. */
const dmiText = (text: string | null) => (text ?? '').slice(0, 4096);

/**
 * Name of the hypervisor; null on bare metal; `unknown` where the CPU shows one without a name. DMI names alone prove
 * no guest: cloud vendors sell bare metal under the same names.
 */
export function parseHypervisor(hints: VirtualisationHints): string | null {
  const type = hints.hypervisorType?.trim();
  if (type) return type;
  if (hints.clocksource === 'kvm-clock') return 'kvm';
  const dmi = `${dmiText(hints.vendor)} ${dmiText(hints.product)}`;
  const named = vendors.find(([pattern]) => pattern.test(dmi))?.[1] ?? null;
  if (hints.hypervisorFlag) return named ?? 'unknown';
  // CPUs other than x86 have no such flag: use the firmware's name, but not of vendors that offer bare metal.
  return /QEMU|KVM|VMware|VirtualBox|Virtual Machine|Virtualization/i.test(dmi) ? named : null;
}
