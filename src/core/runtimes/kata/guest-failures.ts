import { messages, reasons } from '../../messages/define.ts';
import {
  type FailureRule,
  type KvmState,
  type RuleContext,
  restartHint,
  timeoutWords,
} from '../failure-rule.ts';
import { configOf, guestLog, install, kvmFix, kvmPermissionFix } from './fixes.ts';
import { kataReleases } from './releases.ts';

const kvmFailuresWords = messages('kvm', {
  measureElsewhere:
    'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be mended from inside',
});

const kvmFailuresText = reasons('preflight', {
  kvmMissing: { message: 'there is no /dev/kvm', fix: '{fix}' },
  kvmMissingInGuest: {
    message: 'there is no /dev/kvm: this machine is itself a guest without nested virtualisation',
    fix: '{fix}',
  },
  kvmPermission: { message: '/dev/kvm may not be opened', fix: '{fix}' },
  kvmUnusable: { message: 'KVM is there but cannot run an ordinary guest', fix: '{fix}' },
  kvmUnusableInGuest: {
    message: 'KVM is there but cannot run an ordinary guest (nested virtualisation is incomplete here)',
    fix: '{fix}',
  },
  kataVmmSilent: {
    message:
      'the virtual machine monitor never answered: it ended while it started, or took longer than Kata waits for it',
    fix: 'read its own words:  journalctl -t kata   (for QEMU the lines "qemu stderr"); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params in {config} are not for this release of it',
  },
  kataVmmEnded: {
    message: 'QEMU ended while it started, and Kata does not say why',
    fix: "read QEMU's own words:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params are not for this QEMU",
  },
});

/**
 * Errors of Kata for any VMM that ended while it started; only the host shows why. The second and third are the Rust runtime's,
 * which keeps polling QEMU for 50 s and Cloud Hypervisor for 10 s (crates/hypervisor/src/qemu/qmp.rs of 3.26.0 to 4.1.0,
 * ch/inner_hypervisor.rs).
 */
const vmmEnded =
  /exiting QMP loop, command cancelled|(timed out waiting for QMP ready|API socket connect timed out)/;
const kvmIs =
  (state: KvmState) =>
  ({ kvm }: RuleContext) =>
    kvm === state;

/** A wrapper around Kata may have any name. */
const families = ['kata', 'other'] as const;

const missing: FailureRule = {
  code: 'kvm-missing',
  // The third is the Go runtime's from 3.27.0 on (runtime/pkg/resourcecontrol/cgroups.go), the fourth that of the Rust
  // runtime with Dragonball (crates/hypervisor/src/dragonball/vmm_instance.rs), which does not name the device.
  match:
    /Could not access KVM kernel module: No such file or directory|\/dev\/kvm: no such file or directory|failed to add any hypervisor device to devices cgroup|run vmm server(?:\\n|\s)+\d+:\sNo such file or directory/i,
  families,
  explain: (_, { host }) =>
    (host.hypervisor === null ? kvmFailuresText.kvmMissing : kvmFailuresText.kvmMissingInGuest)({
      fix: kvmFix(host),
    }),
};

const denied: FailureRule = {
  code: 'kvm-permission',
  match: /Could not access KVM kernel module: Permission denied|\/dev\/kvm: permission denied/i,
  explain: () => kvmFailuresText.kvmPermission({ fix: kvmPermissionFix }),
};

const unusable: FailureRule = {
  code: 'kvm-unusable',
  match: /failed to set MSR 0x[0-9a-f]+|kvm_msr_buf->nmsrs/,
  explain: (_, { host }) =>
    (host.hypervisor === null ? kvmFailuresText.kvmUnusable : kvmFailuresText.kvmUnusableInGuest)({
      fix: kvmFailuresWords.measureElsewhere,
    }),
};

/** Rules that explain an unspecific failure by the state of the host's KVM. */
function kvmBehind(match: RegExp): readonly FailureRule[] {
  return [
    { ...missing, match, families, when: kvmIs('missing') },
    { ...denied, match, families, when: kvmIs('denied') },
    { ...unusable, match, families, when: kvmIs('unusable') },
  ];
}

/**
 * Failures by a KVM that is missing or cannot run the guest, also if only the state of the host's device shows why the VMM
 * ended.
 */
export const kvmFailures: readonly FailureRule[] = [
  missing,
  denied,
  unusable,
  ...kvmBehind(vmmEnded),
  {
    code: 'kata-vmm-ended',
    match: vmmEnded,
    explain: ([rust = ''], context) =>
      rust === ''
        ? kvmFailuresText.kataVmmEnded({ config: configOf(context) })
        : kvmFailuresText.kataVmmSilent({ config: configOf(context, 'rust') }),
  },
];

const kata = ['kata'] as const;

const words = messages('kata', {
  newerOrV1: '{install} (Kata 3.0 and later know cgroup v2), or boot with systemd.unified_cgroup_hierarchy=0',
});

const text = reasons('preflight', {
  kataQemuTooNew: {
    message:
      'this Kata (1.x) is older than its QEMU and speaks to it in a way that QEMU no longer understands',
    fix: '{install}; its static build brings the QEMU that it was tested with',
  },
  kataAgentSilent: {
    message:
      'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it',
    fix: '{log}; the agent must be of the same release as Kata, which the image of its static build holds; a guest without KVM may need a longer dial_timeout under [agent.kata]',
  },
  kataAgentSilentRust: {
    message:
      'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it',
    fix: '{log}; the agent must be of the same release as Kata, which the image of its static build holds; a slow guest may need a longer reconnect_timeout_ms under [agent.kata], which is 3 s',
  },
  kataGuestUnreachable: {
    message: 'the guest panicked while it booted, or ended before its agent answered',
    fix: '{log}',
  },
  kataMountPrivate: {
    message:
      "Kata 1.x shares the container's files with the guest through mounts that must be shared, and those of dockerd are private",
    fix: 'remove PrivateMounts=, ProtectSystem= and MountFlags=slave or private from docker.service and containerd.service, then:  mount --make-rshared /   ; {restart}; Kata 3.x makes its own: {releases}',
  },
  kataCgroupV2: { message: 'Kata 1.x needs cgroup v1 and this host has cgroup {version}', fix: '{fix}' },
  kataWithoutCgroups: {
    message: 'Kata 1.x needs cgroup v1 and this host has no cgroups that it finds',
    fix: '{fix}',
  },
  kataGuestMemoryCgroup: {
    message: "the guest's kernel has no memory cgroup",
    fix: 'add cgroup_enable=memory to kernel_params in {config}, or use the guest kernel of {releases}',
  },
  kataTimeout: {
    message: 'the virtual machine did not start within the time limit, and Kata had not said why by then',
    fix: '{log}; Kata itself waits 30 s for its guest, and its Rust runtime 50 s for QEMU, so a limit below that cuts its words off; without KVM a guest can need minutes',
  },
});

/**
 * Failures of a guest to boot or to become ready. The texts of the Rust runtime are from its sources, 3.25.0 to
 * 4.1.0 (runtime-rs crates/agent/src/sock). Order matters: the first match counts.
 */
export const guestFailures: readonly FailureRule[] = [
  {
    code: 'kata-qemu-too-new',
    match:
      /kernel_irqchip: Expected '=' after parameter|QMP command failed: Parameter 'size' is missing|failed to hot add vCPUs: only \d+ vCPUs of \d+/,
    explain: (_, context) => text.kataQemuTooNew({ install: install(context) }),
  },
  {
    code: 'kata-agent-silent',
    match:
      /CheckRequest timed out|timed out connecting to (?:hybrid[ -])?vsock|(vsock: failed to connect to )/i,
    families: ['kata', 'other'],
    explain: ([rust = ''], context) =>
      rust === ''
        ? text.kataAgentSilent({ log: guestLog(context) })
        : text.kataAgentSilentRust({ log: guestLog(context, 'rust') }),
  },
  {
    code: 'kata-guest-unreachable',
    match: /Failed to check if grpc server is working/i,
    explain: (_, context) => text.kataGuestUnreachable({ log: guestLog(context) }),
  },
  {
    code: 'kata-mount-private',
    match: /\/rootfs\/\S+: read-only file system/,
    families: kata,
    explain: (_, context) => text.kataMountPrivate({ restart: restartHint(context), releases: kataReleases }),
  },
  {
    code: 'kata-cgroup-v2',
    match: /cgroups: cgroup mountpoint does not exist/,
    families: kata,
    explain: (_, context) => {
      const { cgroup: version } = context.host;
      const fix = words.newerOrV1({ install: install(context) });
      return version === 'unknown' ? text.kataWithoutCgroups({ fix }) : text.kataCgroupV2({ version, fix });
    },
  },
  {
    code: 'kata-guest-memory-cgroup',
    match: /path "memory" missing/,
    families: kata,
    explain: (_, context) =>
      text.kataGuestMemoryCgroup({ config: configOf(context), releases: kataReleases }),
  },
  // Kata can hang if its virtual machine monitor ends immediately.
  ...kvmBehind(timeoutWords).map((rule) => ({ ...rule, families: kata })),
  {
    code: 'timeout',
    match: timeoutWords,
    families: kata,
    explain: (_, context) => text.kataTimeout({ log: guestLog(context) }),
  },
];
