import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { HostFacts } from '../../model/host.ts';
import { configPathOf } from '../entry.ts';
import type { RuleContext } from '../failure-rule.ts';
import { kataFor, kataReleases } from './releases.ts';

/** Kata's first default configuration file, without `options.ConfigPath`. */
export const kataConfigFile = '/etc/kata-containers/configuration.toml';

const words = messages('kata', {
  install: 'install Kata from {releases} (kata-static-*.tar, unpack at /); {which}',
  entry:
    '"{name}": \'{"runtimeType": "io.containerd.kata.v2"}\' or \'{"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"}\'',
  guestLog:
    "set enable_debug = true for [hypervisor.qemu] and [agent.kata] in {config}, start again and read the guest's console:  journalctl -t kata",
  syslogFix:
    'start a syslog daemon:  systemctl start systemd-journald   (without systemd: apt-get install rsyslog && service rsyslog start), and check that /dev/log leads to a socket:  ls -lL /dev/log',
  vsockFix:
    'modprobe vhost_vsock ; for the next boots:  echo vhost_vsock > /etc/modules-load.d/kata.conf   (where the kernel has no such module: one with CONFIG_VHOST_VSOCK)',
  kvmModules: 'modprobe kvm_intel or kvm_amd, and enable virtualisation (VT-x, AMD-V) in the firmware',
  kvmNested:
    'enable nested virtualisation for this guest on its host (kvm_intel.nested=1 or kvm_amd.nested=1, CPU model host), or measure on bare metal',
  kvmPermission: 'run dockerd as root, and check:  ls -l /dev/kvm',
});

/** The configuration file of an entry: `options.ConfigPath`, or else Kata's first default. */
export function configOf({ entry }: RuleContext): string {
  return configPathOf(entry) ?? kataConfigFile;
}

/** Where to get a Kata that works with this Docker. */
export function install(context: RuleContext): Message {
  const { product, version } = context.engine ?? {};
  return words.install({
    releases: kataReleases,
    which: kataFor(product === undefined ? version : undefined),
  });
}

/** The entry of daemon.json for a Kata that is a shim (version 2 and later). */
export function shimEntry({ entry }: RuleContext): Message {
  return words.entry({ name: entry.name });
}

/** How to enable and read Kata's logs and the guest's console. */
export function guestLog(context: RuleContext): Message {
  return words.guestLog({ config: configOf(context) });
}

/** How to restore the socket that Kata's Go runtime logs to. */
export const { syslogFix } = words;

/** How to create /dev/vhost-vsock, now and at every boot. */
export const { vsockFix } = words;

/** How to get a working /dev/kvm on a machine, or on one that is a guest itself. */
export function kvmFix({ hypervisor }: HostFacts): Message {
  return hypervisor === null ? words.kvmModules : words.kvmNested;
}

/** How to let the engine open /dev/kvm. */
export const kvmPermissionFix = words.kvmPermission;
