import { joined, listed, quantity } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { HostFacts } from '../../model/machine/host.ts';
import type { RuntimeEntry } from '../../model/runtime/runtime.ts';
import { configPathOf } from '../entry.ts';
import type { RowValues } from '../failure-row.ts';
import { type PatternGroups, type RuleContext, registerShim } from '../failure-rule.ts';
import { kataFor, kataReleases, kataShimType } from './releases.ts';

/** Kata has two runtimes: the one in Go, and the one in Rust, which is the default since 4.0.0. */
type KataRuntime = 'go' | 'rust';

/**
 * Each runtime's first default configuration file, without `options.ConfigPath`, and the one that its static build
 * brings for QEMU (runtime/Makefile, libs/kata-types/src/config/default.rs; the same in 3.25.0 to 4.1.0).
 */
const configFiles = {
  go: {
    own: '/etc/kata-containers/configuration.toml',
    brought: 'share/defaults/kata-containers/configuration.toml',
  },
  rust: {
    own: '/etc/kata-containers/runtime-rs/configuration.toml',
    brought: 'share/defaults/kata-containers/runtime-rs/configuration-qemu-runtime-rs.toml',
  },
} as const;

const words = messages('kata', {
  install:
    'install Kata from {releases} (Debian has no package; unpack kata-static-*.tar.zst at /; from 4.1.0 on, the Go runtime is in kata-go-static-*.tar.zst); {which}',
  entry:
    '"{name}": \'{\'"runtimeType": "{shim}", "options": \'{\'"ConfigPath": "{config}"\'}}\' (Rust runtime, the default since Kata 4.0) or \'{\'"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"\'}\' (Go runtime)',
  guestLog:
    "set enable_debug = true for [hypervisor.qemu] and [agent.kata] in {config}, start again and read the guest's console:  journalctl -t kata",
  copyConfig:
    'mkdir -p {directory} && cp /opt/kata/{brought} {config} (without /opt/kata: from /usr/{brought})',
  rustConfig:
    'set runtimes.{name}.options.ConfigPath to {config}   (or, to keep the present file, register the Go runtime, /opt/kata/bin/containerd-shim-kata-v2)',
  syslogFix:
    'start a syslog daemon:  systemctl start systemd-journald   (without systemd: apt-get install rsyslog && service rsyslog start), and check that a process listens on the socket of /dev/log:  ls -lL /dev/log ; logger --socket-errors=on -t kata test',
  vsockFix:
    'modprobe vhost_vsock ; for the next boots:  echo vhost_vsock > /etc/modules-load.d/kata.conf   (if the kernel lacks this module, use one with CONFIG_VHOST_VSOCK)',
  kvmModules: 'modprobe kvm_intel or kvm_amd, and enable virtualisation (VT-x, AMD-V) in the firmware',
  kvmNested:
    'enable nested virtualisation for this guest on its host (kvm_intel.nested=1 or kvm_amd.nested=1, CPU model host), or measure on bare metal',
  kvmPermission: 'run dockerd as root, and check:  ls -l /dev/kvm',
  kvmFirst:
    'KVM may be unable to run a guest here: measure on bare metal or on a machine with full nested virtualisation; if that is not the cause: {fix}',
  measureElsewhere:
    'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be fixed from inside',
  agentSilent:
    '{log}; use an agent of the same release as Kata, such as the one in its static build; a guest without KVM may need a longer dial_timeout under [agent.kata]',
  agentSilentRust:
    '{log}; use an agent of the same release as Kata, such as the one in its static build; a slow guest may need a longer reconnect_timeout_ms under [agent.kata] than its 3 s',
  kernel: "the guest's kernel",
  image: "the guest's image or initrd",
  hypervisor: 'the hypervisor',
  somePart: "the guest's kernel, image or initrd, the hypervisor or the proxy",
  alsoLacks: '; with QEMU it also needs {lacks}, which this host lacks',
  lacksFix: '; {fixes}',
});

const lacks = messages('kata.lack', {
  kvm: '/dev/kvm',
  kvmAccess: 'access to /dev/kvm',
  kvmGuests: 'a KVM that can run a guest',
  vsock: '/dev/vhost-vsock',
  syslog: 'a syslog socket (/dev/log)',
});

/** Which of Kata's runtimes an entry is, judged by its paths. */
const runtimeOf = (entry: RuntimeEntry): KataRuntime =>
  /runtime-rs/.test(`${entry.runtimeType} ${configPathOf(entry)}`) ? 'rust' : 'go';

/** The configuration file of an entry: the one that was found, `options.ConfigPath`, or the first default of its runtime. */
function findConfigFile({ entry, guest }: RuleContext, runtime: KataRuntime): string {
  const found = runtime === runtimeOf(entry) ? guest?.file : undefined;
  return configPathOf(entry) ?? found ?? configFiles[runtime].own;
}

/** Files in which Kata looks for the configuration of an entry. */
export function configCandidates(entry: RuntimeEntry): readonly string[] {
  const named = configPathOf(entry);
  const { own, brought } = configFiles[runtimeOf(entry)];
  return named === null ? [own, `/opt/kata/${brought}`, `/usr/${brought}`] : [named];
}

/** The shim of the Rust runtime and its configuration file in Kata's static build (docs/installation.md of 4.0.0). */
const rustParts = {
  shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
  config: `/opt/kata/${configFiles.rust.brought}`,
};

/** How to restore the socket that Kata's Go runtime logs to. */
export const { syslogFix } = words;

/** How to create /dev/vhost-vsock, now and at every boot. */
export const { vsockFix } = words;

/** How to get a working /dev/kvm, on bare metal or in a virtual machine. */
export function kvmFix({ hypervisor }: HostFacts): Message {
  return hypervisor === null ? words.kvmModules : words.kvmNested;
}

/** How to let the engine open /dev/kvm. */
export const kvmPermissionFix = words.kvmPermission;

/** What a host without Kata lacks besides, and how to get it; empty where the devices were not looked at. */
function listLacks({ devices, host }: RuleContext): readonly (readonly [lack: Message, fix: Message])[] {
  if (devices === undefined) return [];
  const { kvm, vsock, syslog } = devices;
  const found: [boolean, Message, Message][] = [
    [kvm === 'missing', lacks.kvm, kvmFix(host)],
    [kvm === 'denied', lacks.kvmAccess, kvmPermissionFix],
    [kvm === 'unusable' || kvm === 'silent', lacks.kvmGuests, kvmFix(host)],
    [!vsock, lacks.vsock, vsockFix],
    [syslog !== 'socket', lacks.syslog, syslogFix],
  ];
  return found.flatMap(([isLacking, lack, fix]) => (isLacking ? [[lack, fix] as const] : []));
}

/** Is the guest to have more memory than the host has? */
export function isMemoryAbove({ guest, host }: RuleContext): boolean {
  return (guest?.memoryMiB ?? 0) * 2 ** 20 > host.memoryBytes;
}

/** The fix of a guest that never answered: KVM first, where this machine is a guest itself or KVM was seen to fail. */
function putKvmFirst(fix: Message, { host, devices }: RuleContext): Message {
  const fails = devices?.kvm === 'unusable' || devices?.kvm === 'silent';
  return fails || host.hypervisor !== null ? words.kvmFirst({ fix }) : fix;
}

/** Name of the component of Kata that a file in its configuration contains, judged by the file's name. */
function nameComponent(file = ''): Message {
  if (/vmlinu|bzimage|kernel/i.test(file)) return words.kernel;
  if (/initrd|\.img$|\.image$|rootfs/i.test(file)) return words.image;
  if (/qemu|cloud-hypervisor|firecracker|openvmm|stratovirt/i.test(file)) return words.hypervisor;
  return words.somePart;
}

/** Kata's runtime that wrote the failure; a group `rust` says that it was the one in Rust. */
const runtimeIn = ({ entry }: RuleContext, { rust }: PatternGroups): KataRuntime =>
  rust === undefined ? runtimeOf(entry) : 'rust';

const configIn = (context: RuleContext, groups: PatternGroups) =>
  findConfigFile(context, runtimeIn(context, groups));

/** The values of the messages of failures that are no groups of their patterns. */
export const failureValues: RowValues = {
  known: () => kataShimType,
  register: (context) => registerShim(kataShimType, context),
  releases: () => kataReleases,
  install: ({ engine }) => {
    const version = engine?.product === undefined ? engine?.version : undefined;
    return words.install({ releases: kataReleases, which: kataFor(version) });
  },
  entry: ({ entry: { name } }) => words.entry({ name, ...rustParts }),
  alsoLacks: (context) => {
    const found = listLacks(context).map(([lack]) => lack);
    return found.length === 0 ? '' : words.alsoLacks({ lacks: listed(found, 'and') });
  },
  lacksFix: (context) => {
    const found = listLacks(context).map(([, fix]) => fix);
    return found.length === 0 ? '' : words.lacksFix({ fixes: joined(found, 'semicolon') });
  },
  config: configIn,
  copyConfig: (context, groups) => {
    const config = configIn(context, groups);
    const directory = config.replace(/\/[^/]*$/, '');
    return words.copyConfig({ directory, config, brought: configFiles[runtimeIn(context, groups)].brought });
  },
  compare: (context, groups) => `diff /opt/kata/${configFiles.go.brought} ${configIn(context, groups)}`,
  rustConfig: ({ entry: { name } }) => words.rustConfig({ name, config: rustParts.config }),
  atKey: (_, { key }) => (key ? `, ${key}` : ''),
  part: (_, { path }) => nameComponent(path),
  log: (context, groups) => words.guestLog({ config: configIn(context, groups) }),
  agentFix: (context, groups) => {
    const log = words.guestLog({ config: configIn(context, groups) });
    const fix =
      runtimeIn(context, groups) === 'rust' ? words.agentSilentRust({ log }) : words.agentSilent({ log });
    return putKvmFirst(fix, context);
  },
  asked: ({ guest }) => quantity(guest?.memoryMiB ?? 0, 'MiB'),
  all: ({ host }) => quantity(host.memoryBytes / 2 ** 20, 'MiB'),
  syslogFix: () => syslogFix,
  vsockFix: () => vsockFix,
  kvmFix: ({ host }) => kvmFix(host),
  kvmPermissionFix: () => kvmPermissionFix,
  measureElsewhere: () => words.measureElsewhere,
};
