import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { HostFacts } from '../../model/host.ts';
import { configPathOf } from '../entry.ts';
import type { RuleContext } from '../failure-rule.ts';
import { kataFor, kataReleases } from './releases.ts';

/** The configuration file that Kata looks for first where `options.ConfigPath` names none. */
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

/** The configuration file of an entry: `options.ConfigPath`, or else the one that Kata looks for first. */
export function configOf({ entry }: RuleContext): string {
  return configPathOf(entry) ?? kataConfigFile;
}

/** Where to get a Kata that this Docker can use. */
export function install(context: RuleContext): Message {
  return words.install({ releases: kataReleases, which: kataFor(context.engine?.version) });
}

/** What daemon.json says of a Kata that is not a program of version 1. */
export function shimEntry({ entry }: RuleContext): Message {
  return words.entry({ name: entry.name });
}

/** Kata's logs and the guest's console, and what has to be on for them to say anything. */
export function guestLog(context: RuleContext): Message {
  return words.guestLog({ config: configOf(context) });
}

/** How the socket that Kata's Go runtime logs to comes back. */
export const { syslogFix } = words;

/** How /dev/vhost-vsock comes back, now and after the next boot. */
export const { vsockFix } = words;

/** How a machine, or one that is itself a guest, gets a /dev/kvm that works. */
export function kvmFix({ hypervisor }: HostFacts): Message {
  return hypervisor === null ? words.kvmModules : words.kvmNested;
}

export const kvmPermissionFix = words.kvmPermission;
