import type { RuntimeFamily } from '../../model/runtime/runtime.ts';
import { configPathOf } from '../entry.ts';
import type { RowOptions } from '../failure-row.ts';
import { type RuleContext, timeoutWords } from '../failure-rule.ts';
import type { KvmState } from '../guest/facts.ts';
import { isMemoryAbove } from './fixes.ts';

const kata = ['kata'] as const;
/** A wrapper around Kata may have any name. */
const kataOrOther = ['kata', 'other'] as const;

const kvmIs =
  (state: KvmState) =>
  ({ devices }: RuleContext) =>
    devices?.kvm === state;

interface KataOptions extends RowOptions {
  /** Does the host explain an unspecific failure in the same way? */
  readonly isBehind?: (context: RuleContext) => boolean;
}

/** A failure of Kata. A group `rust` that takes part says that the Rust runtime wrote it. */
type KataRow = readonly [pattern: RegExp, code: string, message: string, fix: string, options?: KataOptions];

/** The engine passes on the causes of an error of the Rust runtime by number, with newlines as `\n`. */
const noConfig =
  /Cannot find usable config file|(?<rust>load TOML config failed) \(tried \[[^\]]*\]\)(?:\\n|\s)+\d+:\s(?:entity not found|No such file)/;

/**
 * Incomplete installations. Those of 1.12.1 and 3.25.0 (Go runtime) were produced with broken installations, and are in
 * the sources of 4.1.0 as well; those of the Rust runtime are from its sources, 3.25.0 to 4.1.0. Order matters: the first
 * match counts.
 */
const installFailures: readonly KataRow[] = [
  [
    /runtime "(?<type>\S+)" binary not installed "containerd-shim-kata(?:-[^"]*)?-v(?!2")\d+"/,
    'kata-shim-type',
    '{type} is not a shim of Kata, which is called {known} in every release',
    '{register}',
  ],
  [
    /binary not installed "(?<shim>containerd-shim-kata[^"]*)"|invalid custom binary path: stat (?<shim>\S*kata\S*): no such file/,
    'kata-shim-missing',
    'Kata Containers is not installed: the shim {shim} is missing{alsoLacks}',
    '{install}; {file}: {entry}; {restart}{lacksFix}',
  ],
  [
    /virtiofs daemon (?<path>\S+) returned with error|fork\/exec (?<path>\S*virtiofsd\S*): no such file or directory|(?<rust>Virtio-fs daemon path) (?<path>\S+) is invalid/,
    'kata-virtiofsd-missing',
    'Kata shares the root file system through virtiofsd, and {path} cannot be started',
    'install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "{path}" in {config}',
  ],
  [
    /fork\/exec (?<path>\S+): no such file or directory/,
    'kata-program-missing',
    "Kata's shim could not start {path}, which does not exist",
    'install what provides {path}, or correct its path in {config}; the static build of {releases} contains everything',
    { families: kata, when: ({ entry }) => entry.runtimeType !== undefined },
  ],
  [
    /fork\/exec (?<path>\S+): no such file or directory|exec: "(?<path>[^"]+)": (?:stat|executable file not found)/,
    'kata-runtime-missing',
    'Kata Containers is not installed: {path} is missing',
    'a "path" entry works with Kata 1.x only, which is no longer maintained; {install}, and replace the entry in {file} by {entry}; {restart}',
    { families: kata },
  ],
  [
    /Unix syslog delivery error/,
    'kata-syslog-missing',
    'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
    '{syslogFix}',
  ],
  [
    // A device whose module cannot be loaded exists without a driver: "No such device".
    /host system doesn't support vsock|\/dev\/vhost-vsock: no such file or directory|failed to open \/dev\/vhost-vsock\b[\s\S]*?No such (?:file|device)/,
    'kata-vsock-missing',
    'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock',
    '{vsockFix}',
  ],
];

/** Failures of Kata's configuration and of the files that it names. Order matters: the first match counts. */
const configurationFailures: readonly KataRow[] = [
  [
    // Seen with 3.25.0 (runtime/pkg/katautils/config.go; BurntSushi/toml, error.go).
    /toml: line (?<line>\d+)(?: \(last key "(?<key>[^"]*)"\))?: (?<said>[^\n]*?)(?:: unknown)?\.?(?:\n|$)/,
    'kata-config-invalid',
    '{config} is not a valid configuration of Kata: line {line}{atKey}: {said}',
    'correct line {line} of {config}, or compare it with the file that Kata ships:  {compare}',
    { families: kataOrOther },
  ],
  [
    /unrecognised machinetype: (?<type>\S+?)(?::|\s|$)/,
    'kata-machine-type',
    '{config} asks QEMU for the machine type {type}, which this Kata does not know',
    'write machine_type = "q35" (arm64: "virt") under [hypervisor.qemu] in {config}',
    { families: kataOrOther },
  ],
  [
    noConfig,
    'kata-config-missing',
    "Kata's configuration file {config}, which runtimes.{name}.options.ConfigPath names, does not exist or cannot be used",
    '{copyConfig}; or correct runtimes.{name}.options.ConfigPath in {file}',
    { id: 'kataConfigGone', when: ({ entry }) => configPathOf(entry) !== null },
  ],
  [noConfig, 'kata-config-missing', 'Kata finds no configuration file', '{copyConfig}'],
  [
    // The Go runtime's configuration has no such names (libs/kata-types/src/annotations/mod.rs).
    /(?<rust>Runtime|Hypervisor|Agent) name is missing in the configuration/,
    'kata-config-foreign',
    "{config} is a configuration file of Kata's Go runtime, but this shim is the Rust runtime",
    '{rustConfig}; {restart}',
    { families: kataOrOther },
  ],
  [
    // The second, of the Rust runtime, does not name the configuration file.
    /(?<config>\/\S+\.toml): file (?<path>\S+) does not exist|(?<rust>(?:guest (?:kernel|boot|initrd)|firmware|flash|extra) image file|(?:qemu|CH|firecracker|openvmm|hypervisor) binary path) `?(?<path>\S+?)`? is invalid/i,
    'kata-file-missing',
    '{path}, which {config} names, does not exist: {part} is missing',
    'install what provides {path}, or correct its path in {config}; the static build of {releases} contains everything',
    { families: kataOrOther },
  ],
  [
    /Either initrd or image must be set to a valid path|Missing image and initrd path|(?<rust>Both (?:of )?guest boot image and initrd for )/,
    'kata-guest-image-missing',
    'Kata has no guest image',
    'set image = "…" or initrd = "…" under [hypervisor.qemu] in {config}; the static build of {releases} contains an image in /opt/kata/share/kata-containers',
  ],
];

/** QEMU's words where it cannot map the guest's memory (system/physmem.c, hw/core/machine.c, backends/hostmem.c). */
const noMemory = /cannot set up guest memory|qemu[^\n]*: cannot allocate memory/i;
const never = /(?!)/;

/** KVM that is missing or cannot run the guest, and memory that the host does not have. */
const kvmFailures: readonly KataRow[] = [
  [
    // The third is the Go runtime's from 3.27.0 on (runtime/pkg/resourcecontrol/cgroups.go), the fourth that of the Rust
    // runtime with Dragonball (crates/hypervisor/src/dragonball/vmm_instance.rs), which does not name the device.
    /Could not access KVM kernel module: No such file or directory|\/dev\/kvm: no such file or directory|failed to add any hypervisor device to devices cgroup|run vmm server(?:\\n|\s)+\d+:\sNo such file or directory/i,
    'kvm-missing',
    'there is no /dev/kvm',
    '{kvmFix}',
    { families: kataOrOther, isBehind: kvmIs('missing') },
  ],
  [
    /Could not access KVM kernel module: Permission denied|\/dev\/kvm: permission denied/i,
    'kvm-permission',
    'access to /dev/kvm is denied',
    '{kvmPermissionFix}',
    { isBehind: kvmIs('denied') },
  ],
  [
    noMemory,
    'kata-memory',
    'QEMU cannot get the memory of its guest: default_memory is {asked} in {config}, and this host has {all}',
    'lower default_memory under [hypervisor.qemu] in {config} (default: 2048)',
    { id: 'kataMemoryAbove', families: kata, when: isMemoryAbove, isBehind: isMemoryAbove },
  ],
  [
    noMemory,
    'kata-memory',
    'QEMU cannot get the memory of its guest from this host',
    'lower default_memory under [hypervisor.qemu] in {config}, or free memory:  free -h',
    { families: kata },
  ],
  [
    /failed to set MSR 0x[0-9a-f]+|kvm_msr_buf->nmsrs/,
    'kvm-unusable',
    'KVM exists, but cannot run an ordinary guest',
    '{measureElsewhere}',
    { isBehind: kvmIs('unusable') },
  ],
  [
    never,
    'kvm-unusable',
    'KVM exists, but a guest started under it gave no sign of life within 2 s: it may be unable to run one',
    '{measureElsewhere}',
    { id: 'kvmSilent', isBehind: kvmIs('silent') },
  ],
];

/** Rows that explain an unspecific failure by the host: its KVM, and the memory that the configuration asks of it. */
function hostBehind(pattern: RegExp, families: readonly RuntimeFamily[]): readonly KataRow[] {
  return kvmFailures.flatMap(([, code, message, fix, { isBehind: when, ...options } = {}]): KataRow[] => {
    const own = options.families === kata ? kata : families;
    return when === undefined ? [] : [[pattern, code, message, fix, { ...options, families: own, when }]];
  });
}

/**
 * Errors of Kata for any VMM that ended while it started; only the host shows why. The Rust runtime keeps polling QEMU for
 * 50 s and Cloud Hypervisor for 10 s (crates/hypervisor/src/qemu/qmp.rs of 3.26.0 to 4.1.0, ch/inner_hypervisor.rs).
 */
const goEnded = /exiting QMP loop, command cancelled/;
const rustEnded = /(?<rust>timed out waiting for QMP ready|API socket connect timed out)/;

/** Guests that do not boot or become ready. Order matters: the first match counts. */
const guestFailures: readonly KataRow[] = [
  ...hostBehind(goEnded, kataOrOther),
  ...hostBehind(rustEnded, kataOrOther),
  [
    goEnded,
    'kata-vmm-ended',
    'QEMU ended while it started, and Kata does not say why',
    'read the messages of QEMU:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params do not suit this QEMU',
  ],
  [
    rustEnded,
    'kata-vmm-ended',
    'the virtual machine monitor never answered: it ended while it started, or took longer than Kata waits for it',
    'read its messages:  journalctl -t kata   (for QEMU the lines "qemu stderr"); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params in {config} do not suit this release',
    { id: 'kataVmmSilent' },
  ],
  [
    /kernel_irqchip: Expected '=' after parameter|QMP command failed: Parameter 'size' is missing|failed to hot add vCPUs: only \d+ vCPUs of \d+/,
    'kata-qemu-too-new',
    'this Kata (1.x) is older than its QEMU, which no longer understands it',
    '{install}; its static build includes the QEMU that it was tested with',
  ],
  [
    // runtime-rs crates/agent/src/sock
    /CheckRequest timed out|timed out connecting to (?:hybrid[ -])?vsock|(?<rust>vsock: failed to connect to )/i,
    'kata-agent-silent',
    'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it',
    '{agentFix}',
    { families: kataOrOther },
  ],
  [
    /Failed to check if grpc server is working/i,
    'kata-guest-unreachable',
    'the guest panicked while it booted, or ended before its agent answered',
    '{log}',
  ],
  [
    /\/rootfs\/\S+: read-only file system/,
    'kata-mount-private',
    "Kata 1.x shares the container's files with the guest through shared mounts, but the mounts of dockerd are private",
    'remove PrivateMounts=, ProtectSystem= and MountFlags=slave or private from docker.service and containerd.service, then:  mount --make-rshared /   ; {restart}; Kata 3.x makes its own: {releases}',
    { families: kata },
  ],
  [
    /cgroups: cgroup mountpoint does not exist/,
    'kata-cgroup-v2',
    'Kata 1.x needs cgroup v1, which this host lacks',
    '{install} (Kata 3.0 and later know cgroup v2), or boot with systemd.unified_cgroup_hierarchy=0',
    { families: kata },
  ],
  [
    /path "memory" missing/,
    'kata-guest-memory-cgroup',
    "the guest's kernel has no memory cgroup",
    'add cgroup_enable=memory to kernel_params in {config}, or use the guest kernel of {releases}',
    { families: kata },
  ],
  // Kata can hang if its virtual machine monitor ends immediately.
  ...hostBehind(timeoutWords, kata),
  [
    // ocibench's own words about a start that hung.
    /no virtual machine monitor was left/,
    'kata-vmm-absent',
    'the start hung without a virtual machine monitor: QEMU had ended by then, or had not been started yet',
    'read what Kata and QEMU said:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or default_memory is more than this host can give',
    { families: kata },
  ],
  [
    timeoutWords,
    'timeout',
    'the virtual machine did not start within the time limit, and Kata gave no reason by then',
    '{log}; Kata dials the agent for dial_timeout (45 s by default), then waits 30 s for its answer; its Rust runtime waits 50 s for QEMU. A shorter limit hides its error message. A guest without KVM can need minutes:  @(run --set stepLimit=5m)',
    { id: 'kataTimeout', families: kata },
  ],
];

/** Why Kata does not start a container. */
export const failureTable: readonly KataRow[] = [
  ...installFailures,
  ...configurationFailures,
  ...kvmFailures,
  ...guestFailures,
];
