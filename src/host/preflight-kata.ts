import semver from 'semver';
import { type PreflightContext, type Rule, type RuleContext, restartHint } from './preflight-rule.ts';

const releases = 'https://github.com/kata-containers/kata-containers/releases';

/** Where Kata 1.x's packages and static builds put its files; `/opt/kata` for the static builds. */
const configFile = '/etc/kata-containers/configuration.toml';

/**
 * Which Kata a Docker release needs. Docker 23 brought runtimeType (moby#43800); 26.0.0 left containers with
 * `lo` only (kata#9340); 28 dropped the prestart hook again (needs Kata 3.29.0); 29.5 adds a private time
 * namespace (needs 3.32.0, kata#13080).
 */
export function kataFor(dockerVersion: string | undefined): string {
  const version = dockerVersion === undefined ? null : semver.coerce(dockerVersion);
  if (version === null)
    return 'Docker 28 and later need Kata 3.29.0 or later, Docker 29.5 and later 3.32.0; Docker below 23 cannot use the Kata shim';
  const docker = `Docker ${version.version}`;
  if (semver.lt(version, '23.0.0'))
    return `${docker} is too old for the Kata shim: upgrade Docker to 23 or later`;
  if (semver.eq(version, '26.0.0'))
    return `${docker} gives Kata containers no network: upgrade Docker to 26.0.1 or later, then use Kata 3.x`;
  if (semver.lt(version, '28.0.0')) return `${docker} works with Kata 2.x and 3.x`;
  if (semver.lt(version, '29.5.0'))
    return `${docker} needs Kata 3.29.0 or later (3.30.0 with its Rust runtime)`;
  return `${docker} needs Kata 3.32.0 or later`;
}

function install(context: RuleContext): string {
  return `install Kata from ${releases} (kata-static-*.tar, unpack at /); ${kataFor(context.engine?.version)}`;
}

function shimEntry({ entry }: PreflightContext): string {
  return `"${entry.name}": {"runtimeType": "io.containerd.kata.v2"} or {"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"}`;
}

const kata = ['kata'] as const;

/** Failures of Kata Containers, by the texts that Docker passes on. Order matters: the first match counts. */
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
    match: /virtiofs daemon (\S+) returned with error/,
    reason: ([path]) => `Kata shares the root file system through virtiofsd, and ${path} cannot be started`,
    fix: ([path]) =>
      `install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "${path}" in ${configFile}`,
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
    reason: () => 'Kata 1.x writes to syslog and there is no /dev/log',
    fix: (_, context) =>
      `start a syslog daemon (apt-get install rsyslog && service rsyslog start), or use Kata 3.x: ${releases}; ${kataFor(context.engine?.version)}`,
  },
  {
    code: 'kata-config-missing',
    match: /Cannot find usable config file/,
    reason: () => 'Kata finds no configuration file',
    fix: () =>
      `mkdir -p /etc/kata-containers && cp /opt/kata/share/defaults/kata-containers/configuration.toml ${configFile} (without /opt/kata: from /usr/share/defaults/kata-containers)`,
  },
  {
    code: 'kata-file-missing',
    match: /(\S*configuration\S*\.toml): file (\S+) does not exist/,
    reason: ([config, file]) =>
      `${file}, which ${config} names, does not exist: guest kernel, hypervisor or proxy is missing`,
    fix: ([config, file]) =>
      `install what provides ${file}, or correct its path in ${config}; the static build of ${releases} holds everything`,
  },
  {
    code: 'kata-guest-image-missing',
    match: /Either initrd or image must be set to a valid path/,
    reason: () => 'Kata has no guest image',
    fix: () =>
      `set image = "…" or initrd = "…" under [hypervisor.qemu] in ${configFile}; the static build of ${releases} holds an image in /opt/kata/share/kata-containers`,
  },
  {
    code: 'kvm-missing',
    match:
      /Could not access KVM kernel module: No such file or directory|\/dev\/kvm: no such file or directory/i,
    families: ['kata', 'other'],
    reason: (_, { host }) =>
      `there is no /dev/kvm${host.hypervisor === null ? '' : ': this machine is itself a guest without nested virtualisation'}`,
    fix: (_, { host }) =>
      host.hypervisor === null
        ? 'modprobe kvm_intel or kvm_amd, and enable virtualisation (VT-x, AMD-V) in the firmware'
        : 'enable nested virtualisation for this guest on its host (kvm_intel.nested=1 or kvm_amd.nested=1, CPU model host), or measure on bare metal',
  },
  {
    code: 'kvm-permission',
    match: /Could not access KVM kernel module: Permission denied|\/dev\/kvm: permission denied/i,
    reason: () => '/dev/kvm may not be opened',
    fix: () => 'run dockerd as root, and check:  ls -l /dev/kvm',
  },
  {
    code: 'kvm-unusable',
    match: /failed to set MSR 0x[0-9a-f]+|kvm_msr_buf->nmsrs/,
    reason: (_, { host }) =>
      `KVM is there but cannot run an ordinary guest${host.hypervisor === null ? '' : ' (nested virtualisation is incomplete here)'}`,
    fix: () =>
      'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be mended from inside',
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
    code: 'kata-guest-unreachable',
    match: /Failed to check if grpc server is working/,
    reason: () => 'the guest panicked while it booted, or the agent in it never answered',
    fix: () =>
      `set enable_debug = true for [hypervisor.qemu] and [agent.kata] in ${configFile}, start again and read the guest's console:  journalctl -t kata`,
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
    fix: () =>
      `add cgroup_enable=memory to kernel_params in ${configFile}, or use the guest kernel of ${releases}`,
  },
];
