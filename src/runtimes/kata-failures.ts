import type { HostFacts } from '../model/host.ts';
import { type KvmState, type Rule, type RuleContext, restartHint } from './failure-rule.ts';
import { kataConfigFile, kataFor, kataReleases } from './kata.ts';

const kata = ['kata'] as const;
/** A wrapper around Kata may have any name. */
const kataOrOther = ['kata', 'other'] as const;

/** The configuration file of an entry: `options.ConfigPath`, or else the one that Kata looks for first. */
function configOf({ entry }: RuleContext): string {
  const named = entry.options?.ConfigPath;
  return typeof named === 'string' && named !== '' ? named : kataConfigFile;
}

function install(context: RuleContext): string {
  return `install Kata from ${kataReleases} (kata-static-*.tar, unpack at /); ${kataFor(context.engine?.version)}`;
}

function shimEntry({ entry }: RuleContext): string {
  return `"${entry.name}": {"runtimeType": "io.containerd.kata.v2"} or {"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"}`;
}

/** Kata's logs and the guest's console, and what has to be on for them to say anything. */
function guestLog(context: RuleContext): string {
  return `set enable_debug = true for [hypervisor.qemu] and [agent.kata] in ${configOf(context)}, start again and read the guest's console:  journalctl -t kata`;
}

/** Which part of Kata a file of its configuration is, by its name. */
function partOf(file: string): string {
  if (/vmlinu|bzimage|kernel/i.test(file)) return "the guest's kernel";
  if (/initrd|\.img$|\.image$|rootfs/i.test(file)) return "the guest's image or initrd";
  if (/qemu|cloud-hypervisor|firecracker|stratovirt/i.test(file)) return 'the hypervisor';
  return "the guest's kernel, image or initrd, the hypervisor or the proxy";
}

/** How the socket that Kata's Go runtime logs to comes back. */
export const syslogFix =
  'start a syslog daemon:  systemctl start systemd-journald   (without systemd: apt-get install rsyslog && service rsyslog start), and check that /dev/log leads to a socket:  ls -lL /dev/log';

/** How /dev/vhost-vsock comes back, now and after the next boot. */
export const vsockFix =
  'modprobe vhost_vsock ; for the next boots:  echo vhost_vsock > /etc/modules-load.d/kata.conf   (where the kernel has no such module: one with CONFIG_VHOST_VSOCK)';

/** How a machine, or one that is itself a guest, gets a /dev/kvm that works. */
export function kvmFix({ hypervisor }: HostFacts): string {
  return hypervisor === null
    ? 'modprobe kvm_intel or kvm_amd, and enable virtualisation (VT-x, AMD-V) in the firmware'
    : 'enable nested virtualisation for this guest on its host (kvm_intel.nested=1 or kvm_amd.nested=1, CPU model host), or measure on bare metal';
}

export const kvmPermissionFix = 'run dockerd as root, and check:  ls -l /dev/kvm';

/** What Kata's Go runtime says of every VMM that ended while it started; why, only the host tells. */
const vmmEnded = /exiting QMP loop, command cancelled/;
const kvmIs =
  (state: KvmState) =>
  ({ kvm }: RuleContext) =>
    kvm === state;

const kvmMissing: Rule = {
  code: 'kvm-missing',
  match:
    /Could not access KVM kernel module: No such file or directory|\/dev\/kvm: no such file or directory/i,
  families: kataOrOther,
  reason: (_, { host }) =>
    `there is no /dev/kvm${host.hypervisor === null ? '' : ': this machine is itself a guest without nested virtualisation'}`,
  fix: (_, { host }) => kvmFix(host),
};

const kvmDenied: Rule = {
  code: 'kvm-permission',
  match: /Could not access KVM kernel module: Permission denied|\/dev\/kvm: permission denied/i,
  reason: () => '/dev/kvm may not be opened',
  fix: () => kvmPermissionFix,
};

const kvmUnusable: Rule = {
  code: 'kvm-unusable',
  match: /failed to set MSR 0x[0-9a-f]+|kvm_msr_buf->nmsrs/,
  reason: (_, { host }) =>
    `KVM is there but cannot run an ordinary guest${host.hypervisor === null ? '' : ' (nested virtualisation is incomplete here)'}`,
  fix: () =>
    'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be mended from inside',
};

/**
 * Failures of Kata Containers, by the texts that Docker passes on. Those of 1.12.1 and 3.25.0 (Go runtime) were produced by
 * broken installations; those of the Rust runtime are from its sources (libs/kata-types/src/config/hypervisor, runtime-rs
 * crates/agent/src/sock). Order matters: the first match counts.
 */
export const kataRules: readonly Rule[] = [
  {
    code: 'kata-shim-missing',
    match:
      /binary not installed "(containerd-shim-kata[^"]*)"|invalid custom binary path: stat (\S*kata\S*): no such file/,
    reason: ([name, path]) => `Kata Containers is not installed: the shim ${path || name} is missing`,
    fix: (_, context) =>
      `${install(context)}; put containerd-shim-kata-v2 on dockerd's PATH (ln -s /opt/kata/bin/containerd-shim-kata-v2 /usr/local/bin/); ${context.file}: ${shimEntry(context)}; ${restartHint(context)}`,
  },
  {
    code: 'kata-virtiofsd-missing',
    match:
      /virtiofs daemon (\S+) returned with error|fork\/exec (\S*virtiofsd\S*): no such file or directory/,
    reason: ([path, started]) =>
      `Kata shares the root file system through virtiofsd, and ${path || started} cannot be started`,
    fix: ([path, started], context) =>
      `install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "${path || started}" in ${configOf(context)}`,
  },
  {
    code: 'kata-program-missing',
    match: /fork\/exec (\S+): no such file or directory/,
    families: kata,
    when: ({ entry }) => entry.runtimeType !== undefined,
    reason: ([path]) => `Kata's shim could not start ${path}, which does not exist`,
    fix: ([path], context) =>
      `install what provides ${path}, or correct its path in ${configOf(context)}; the static build of ${kataReleases} holds everything`,
  },
  {
    code: 'kata-runtime-missing',
    match:
      /(?:fork\/exec (\S+): no such file or directory|exec: "([^"]+)": (?:stat|executable file not found))/,
    families: kata,
    reason: ([direct, looked]) => `Kata Containers is not installed: ${direct || looked} is missing`,
    fix: (_, context) =>
      `a "path" entry works with Kata 1.x only, which is no longer maintained; ${install(context)}, and replace the entry in ${context.file} by ${shimEntry(context)}; ${restartHint(context)}`,
  },
  {
    code: 'kata-syslog-missing',
    match: /Unix syslog delivery error/,
    reason: () => 'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
    fix: () => syslogFix,
  },
  {
    code: 'kata-vsock-missing',
    match: /(?:host system doesn't support vsock|\/dev\/vhost-vsock: no such file or directory)/,
    reason: () => 'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock',
    fix: () => vsockFix,
  },
  {
    code: 'kata-config-missing',
    match: /Cannot find usable config file/,
    reason: (_, context) =>
      configOf(context) === kataConfigFile
        ? 'Kata finds no configuration file'
        : `Kata's configuration file ${configOf(context)}, which runtimes.${context.entry.name}.options.ConfigPath names, does not exist or cannot be used`,
    fix: (_, context) =>
      `mkdir -p ${configOf(context).replace(/\/[^/]*$/, '')} && cp /opt/kata/share/defaults/kata-containers/configuration.toml ${configOf(context)} (without /opt/kata: from /usr/share/defaults/kata-containers)${configOf(context) === kataConfigFile ? '' : `; or correct runtimes.${context.entry.name}.options.ConfigPath in ${context.file}`}`,
  },
  {
    code: 'kata-file-missing',
    match: /(\/\S+\.toml): file (\S+) does not exist/,
    families: kataOrOther,
    reason: ([config = '', file = '']) =>
      `${file}, which ${config} names, does not exist: ${partOf(file)} is missing`,
    fix: ([config, file]) =>
      `install what provides ${file}, or correct its path in ${config}; the static build of ${kataReleases} holds everything`,
  },
  {
    code: 'kata-file-missing',
    // runtime-rs; it names no file of configuration.
    match:
      /(?:guest (?:kernel|boot|initrd) image file|(?:qemu|cloud.hypervisor) binary path) `?(\S+?)`? is invalid/i,
    families: kataOrOther,
    reason: ([file = ''], context) =>
      `${file}, which ${configOf(context)} names, does not exist: ${partOf(file)} is missing`,
    fix: ([file], context) =>
      `install what provides ${file}, or correct its path in ${configOf(context)}; the static build of ${kataReleases} holds everything`,
  },
  {
    code: 'kata-guest-image-missing',
    match:
      /Either initrd or image must be set to a valid path|Missing image and initrd path|Both guest boot image and initrd for \S+ are empty/,
    reason: () => 'Kata has no guest image',
    fix: (_, context) =>
      `set image = "…" or initrd = "…" under [hypervisor.qemu] in ${configOf(context)}; the static build of ${kataReleases} holds an image in /opt/kata/share/kata-containers`,
  },
  kvmMissing,
  kvmDenied,
  kvmUnusable,
  { ...kvmMissing, match: vmmEnded, when: kvmIs('missing') },
  { ...kvmDenied, match: vmmEnded, when: kvmIs('denied') },
  { ...kvmUnusable, match: vmmEnded, when: kvmIs('unusable') },
  {
    code: 'kata-vmm-ended',
    match: vmmEnded,
    reason: () => 'QEMU ended while it started, and Kata does not say why',
    fix: (_, context) =>
      `read QEMU's own words:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in ${configOf(context)}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params are not for this QEMU`,
  },
  {
    code: 'kata-qemu-too-new',
    match:
      /kernel_irqchip: Expected '=' after parameter|QMP command failed: Parameter 'size' is missing|failed to hot add vCPUs: only \d+ vCPUs of \d+/,
    reason: () =>
      'this Kata (1.x) is older than its QEMU and speaks to it in a way that QEMU no longer understands',
    fix: (_, context) => `${install(context)}; its static build brings the QEMU that it was tested with`,
  },
  {
    code: 'kata-agent-silent',
    match: /CheckRequest timed out|timed out connecting to (?:hybrid-)?vsock|vsock: failed to connect to /i,
    families: kataOrOther,
    reason: () =>
      'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it',
    fix: (_, context) =>
      `${guestLog(context)}; the agent must be of the same release as Kata, which the image of its static build holds; a guest without KVM may need a longer dial_timeout under [agent.kata]`,
  },
  {
    code: 'kata-guest-unreachable',
    match: /Failed to check if grpc server is working/i,
    reason: () => 'the guest panicked while it booted, or ended before its agent answered',
    fix: (_, context) => guestLog(context),
  },
  {
    code: 'kata-mount-private',
    match: /\/rootfs\/\S+: read-only file system/,
    families: kata,
    reason: () =>
      "Kata 1.x shares the container's files with the guest through mounts that must be shared, and those of dockerd are private",
    fix: (_, context) =>
      `remove PrivateMounts=, ProtectSystem= and MountFlags=slave or private from docker.service and containerd.service, then:  mount --make-rshared /   ; ${restartHint(context)}; Kata 3.x makes its own: ${kataReleases}`,
  },
  {
    code: 'kata-cgroup-v2',
    match: /cgroups: cgroup mountpoint does not exist/,
    families: kata,
    reason: (_, { host }) =>
      `Kata 1.x needs cgroup v1 and this host has ${host.cgroup === 'unknown' ? 'no cgroups that it finds' : `cgroup ${host.cgroup}`}`,
    fix: (_, context) =>
      `${install(context)} (Kata 3.0 and later know cgroup v2), or boot with systemd.unified_cgroup_hierarchy=0`,
  },
  {
    code: 'kata-guest-memory-cgroup',
    match: /path "memory" missing/,
    families: kata,
    reason: () => "the guest's kernel has no memory cgroup",
    fix: (_, context) =>
      `add cgroup_enable=memory to kernel_params in ${configOf(context)}, or use the guest kernel of ${kataReleases}`,
  },
  {
    code: 'timeout',
    match: /timed? ?out|no answer|due to timeout|deadline exceeded/i,
    families: kata,
    reason: () =>
      'the virtual machine did not start within the time limit, and Kata had not said why by then',
    fix: (_, context) =>
      `${guestLog(context)}; Kata itself waits 30 s for its guest, so a limit below that cuts its words off; without KVM a guest can need minutes`,
  },
];
