import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, hostname, loadavg, machine, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../collect/cgroup/layout.ts';
import { parseLoadAverage } from '../collect/host-snapshot.ts';
import { parseKibibytes } from '../collect/process/read.ts';
import type { HostFacts } from '../model/machine/host.ts';
import { machineRelation } from '../model/machine/same-machine.ts';
import { identifiedHost, pseudonymOf } from './host-identity.ts';

/** QEMU's emulator, the only one that these files show. */
const tcg = 'QEMU TCG';

/**
 * The emulator of the processor, from /proc/cmdline and /proc/cpuinfo; null without proof. Proof is one of: the lab's parameter
 * on the kernel's command line; the model of QEMU's `max` on x86; its MIDR on Arm (implementer 0, part 'Q'), because `max`
 * under KVM is the host's processor. DMI and the `hypervisor` flag are the same under KVM, and so is the model of a processor
 * chosen by name (`-cpu qemu64`).
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

/** Evidence of a hypervisor from firmware and kernel; each null where the file is missing. */
interface VirtualisationHints {
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

const cpuDir = 'sys/devices/system/cpu';

async function mitigationsBelow(
  root: string,
  read: (path: string) => Promise<string | null>,
): Promise<Record<string, string>> {
  const directory = `${cpuDir}/vulnerabilities`;
  const names = await readdir(join(root, directory)).catch(() => []);
  const states = await Promise.all(
    names.sort().map(async (name) => [name, await read(`${directory}/${name}`)] as const),
  );
  return Object.fromEntries(
    states.flatMap(([name, state]) => (state === null ? [] : [[name, state.trim()]])),
  );
}

/**
 * Reads the machine's facts below `root` (a directory of fixtures in tests). Never throws: unreadable facts are null.
 */
export async function readHostFacts(root = '/'): Promise<HostFacts> {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => null);
  const word = async (path: string) => (await read(path))?.trim() || null;
  const cpuinfoText = (await read('proc/cpuinfo')) ?? '';
  const cpuinfo = parseCpuinfo(cpuinfoText);
  const meminfo = (await read('proc/meminfo')) ?? '';
  const clocksource = await word('sys/devices/system/clocksource/clocksource0/current_clocksource');
  const swapTotal = parseKibibytes(meminfo, 'SwapTotal');
  const swapFree = parseKibibytes(meminfo, 'SwapFree');
  const layout = layoutOf(
    (await read('proc/self/mountinfo')) ?? '',
    (await read('sys/fs/cgroup/cgroup.controllers')) ?? '',
  );
  return {
    hostname: hostname(),
    os: parseOsRelease((await read('etc/os-release')) ?? ''),
    kernel: (await word('proc/sys/kernel/osrelease')) ?? release(),
    arch: machine(),
    cpuModel: cpuinfo.model ?? 'unknown',
    cpus: availableParallelism(),
    microcode: cpuinfo.microcode,
    memoryBytes: parseKibibytes(meminfo, 'MemTotal') ?? totalmem(),
    cgroup: layout.kind,
    controllers: [...layout.controllers],
    hypervisor: parseHypervisor({
      vendor: await word('sys/class/dmi/id/sys_vendor'),
      product: await word('sys/class/dmi/id/product_name'),
      hypervisorType: await word('sys/hypervisor/type'),
      hypervisorFlag: cpuinfo.hypervisorFlag,
      clocksource,
    }),
    emulation: parseEmulation((await read('proc/cmdline')) ?? '', cpuinfoText),
    clocksource,
    governor: await word(`${cpuDir}/cpu0/cpufreq/scaling_governor`),
    turbo: parseTurbo(await read(`${cpuDir}/intel_pstate/no_turbo`), await read(`${cpuDir}/cpufreq/boost`)),
    smt: parseSwitch(await read(`${cpuDir}/smt/active`)),
    thpShmem: parseSelected((await read('sys/kernel/mm/transparent_hugepage/shmem_enabled')) ?? ''),
    ksm: parseKsm(await read('sys/kernel/mm/ksm/run')),
    swapUsedBytes: swapTotal === null || swapFree === null ? null : swapTotal - swapFree,
    loadAverage1: parseLoadAverage((await read('proc/loadavg')) ?? '') ?? loadavg()[0] ?? null,
    mitigations: await mitigationsBelow(root, read),
  };
}

/** Facts of this machine, with what identifies it. */
export async function identifiedFacts(): Promise<HostFacts> {
  return { ...identifiedHost(), ...(await readHostFacts()) };
}

/**
 * Is a record of this machine? A published run has a pseudonym of its host; one without an id is known by name, processor and memory.
 * `known`: {@link identifiedFacts}, for many records.
 */
export async function isThisMachine(host: HostFacts, known?: HostFacts): Promise<boolean> {
  const here = known ?? (await identifiedFacts());
  if (host.id === undefined)
    return (
      machineRelation({ ...host, id: '' }, { ...here, id: '', marks: {} }) !== 'different' &&
      host.hostname === here.hostname
    );
  const id = host.id === pseudonymOf(here.id ?? '') ? host.id : here.id;
  return machineRelation(host, { ...here, id }) !== 'different';
}
