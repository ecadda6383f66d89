import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { HostFacts } from '../../model/host.ts';
import type { RuntimeEntry } from '../../model/runtime.ts';
import { configPathOf } from '../entry.ts';
import type { RuleContext } from '../failure-rule.ts';
import { kataFor, kataReleases } from './releases.ts';

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
});

/** Which of Kata's runtimes an entry is, judged by its paths. */
const runtimeOf = (entry: RuntimeEntry): KataRuntime =>
  /runtime-rs/.test(`${entry.runtimeType} ${configPathOf(entry)}`) ? 'rust' : 'go';

/** The configuration file of an entry: the one that was found, `options.ConfigPath`, or the first default of its runtime. */
export function configOf({ entry, guest }: RuleContext, runtime: KataRuntime = runtimeOf(entry)): string {
  const found = runtime === runtimeOf(entry) ? guest?.file : undefined;
  return configPathOf(entry) ?? found ?? configFiles[runtime].own;
}

/** Files in which Kata looks for the configuration of an entry. */
export function configCandidates(entry: RuntimeEntry): readonly string[] {
  const named = configPathOf(entry);
  const { own, brought } = configFiles[runtimeOf(entry)];
  return named === null ? [own, `/opt/kata/${brought}`, `/usr/${brought}`] : [named];
}

const directoryOf = (path: string) => path.replace(/\/[^/]*$/, '');

/** How to bring a missing configuration file from Kata's static build. */
export function copyConfig(config: string, runtime: KataRuntime): Message {
  return words.copyConfig({ directory: directoryOf(config), config, brought: configFiles[runtime].brought });
}

/** The command that compares a configuration with the one that Kata's static build brings for the Go runtime. */
export function compareConfig(config: string): string {
  return `diff /opt/kata/${configFiles.go.brought} ${config}`;
}

/** Source of a Kata that works with this Docker. */
export function install(context: RuleContext): Message {
  const { product, version } = context.engine ?? {};
  return words.install({
    releases: kataReleases,
    which: kataFor(product === undefined ? version : undefined),
  });
}

/** The shim of the Rust runtime and its configuration file in Kata's static build (docs/installation.md of 4.0.0). */
const rustParts = {
  shim: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
  config: `/opt/kata/${configFiles.rust.brought}`,
};

/** The entry of daemon.json for a Kata that is a shim (version 2 and later). */
export function shimEntry({ entry }: RuleContext): Message {
  return words.entry({ name: entry.name, ...rustParts });
}

/** How to give the Rust runtime a configuration file of its own, or to register the Go runtime. */
export function rustConfigEntry({ entry }: RuleContext): Message {
  return words.rustConfig({ name: entry.name, config: rustParts.config });
}

/** How to enable and read Kata's logs and the guest's console. Both runtimes log as `kata`. */
export function guestLog(context: RuleContext, runtime?: KataRuntime): Message {
  return words.guestLog({ config: configOf(context, runtime) });
}

/** How to restore the socket that Kata's Go runtime logs to. */
export const { syslogFix } = words;

/** How to create /dev/vhost-vsock, now and at every boot. */
export const { vsockFix } = words;

/** How to get a working /dev/kvm, on bare metal or in a virtual machine. */
export function kvmFix({ hypervisor }: HostFacts): Message {
  return hypervisor === null ? words.kvmModules : words.kvmNested;
}

/** The fix of a guest that never answered: KVM first, where this machine is a guest itself or KVM was seen to fail. */
export function kvmFirst(fix: Message, { host, devices }: RuleContext): Message {
  const fails = devices?.kvm === 'unusable' || devices?.kvm === 'silent';
  return fails || host.hypervisor !== null ? words.kvmFirst({ fix }) : fix;
}

/** How to let the engine open /dev/kvm. */
export const kvmPermissionFix = words.kvmPermission;
