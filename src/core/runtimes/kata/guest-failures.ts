import { messages, reasons } from '../../messages/define.ts';
import { type FailureRule, restartHint, timeoutWords } from '../failure-rule.ts';
import { configOf, guestLog, install, kvmFirst } from './fixes.ts';
import { hostBehind } from './kvm-failures.ts';
import { kataReleases } from './releases.ts';

const kata = ['kata'] as const;

const words = messages('kata', {
  agentSilent:
    '{log}; use an agent of the same release as Kata, such as the one in its static build; a guest without KVM may need a longer dial_timeout under [agent.kata]',
  agentSilentRust:
    '{log}; use an agent of the same release as Kata, such as the one in its static build; a slow guest may need a longer reconnect_timeout_ms under [agent.kata] than its 3 s',
  newerOrV1: '{install} (Kata 3.0 and later know cgroup v2), or boot with systemd.unified_cgroup_hierarchy=0',
});

const text = reasons('preflight', {
  kataQemuTooNew: {
    message: 'this Kata (1.x) is older than its QEMU, which no longer understands it',
    fix: '{install}; its static build includes the QEMU that it was tested with',
  },
  kataAgentSilent: {
    message:
      'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it',
    fix: '{fix}',
  },
  kataGuestUnreachable: {
    message: 'the guest panicked while it booted, or ended before its agent answered',
    fix: '{log}',
  },
  kataMountPrivate: {
    message:
      "Kata 1.x shares the container's files with the guest through shared mounts, but the mounts of dockerd are private",
    fix: 'remove PrivateMounts=, ProtectSystem= and MountFlags=slave or private from docker.service and containerd.service, then:  mount --make-rshared /   ; {restart}; Kata 3.x makes its own: {releases}',
  },
  kataCgroupV2: { message: 'Kata 1.x needs cgroup v1, but this host has cgroup {version}', fix: '{fix}' },
  kataWithoutCgroups: {
    message: 'Kata 1.x needs cgroup v1, but finds no cgroups on this host',
    fix: '{fix}',
  },
  kataGuestMemoryCgroup: {
    message: "the guest's kernel has no memory cgroup",
    fix: 'add cgroup_enable=memory to kernel_params in {config}, or use the guest kernel of {releases}',
  },
  kataVmmAbsent: {
    message:
      'the start hung without a virtual machine monitor: QEMU had ended by then, or had not been started yet',
    fix: 'read what Kata and QEMU said:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or default_memory is more than this host can give',
  },
  kataTimeout: {
    message: 'the virtual machine did not start within the time limit, and Kata gave no reason by then',
    fix: '{log}; Kata dials the agent for dial_timeout (45 s by default), then waits 30 s for its answer; its Rust runtime waits 50 s for QEMU. A shorter limit hides its error message. A guest without KVM can need minutes:  @(run --set stepLimit=5m)',
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
        ? text.kataAgentSilent({ fix: kvmFirst(words.agentSilent({ log: guestLog(context) }), context) })
        : text.kataAgentSilent({
            fix: kvmFirst(words.agentSilentRust({ log: guestLog(context, 'rust') }), context),
          }),
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
  ...hostBehind(timeoutWords).map((rule) => ({ ...rule, families: kata })),
  {
    code: 'kata-vmm-absent',
    // ocibench's own words about a start that hung.
    match: /no virtual machine monitor was left/,
    families: kata,
    explain: (_, context) => text.kataVmmAbsent({ config: configOf(context) }),
  },
  {
    code: 'timeout',
    match: timeoutWords,
    families: kata,
    explain: (_, context) => text.kataTimeout({ log: guestLog(context) }),
  },
];
