import { quantity } from '../../messages/compose.ts';
import { messages, reasons } from '../../messages/define.ts';
import type { FailureRule, RuleContext } from '../failure-rule.ts';
import type { KvmState } from '../guest/facts.ts';
import { configOf, kvmFix, kvmPermissionFix } from './fixes.ts';

const words = messages('kvm', {
  measureElsewhere:
    'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be fixed from inside',
});

const text = reasons('preflight', {
  kvmMissing: { message: 'there is no /dev/kvm', fix: '{fix}' },
  kvmMissingInGuest: {
    message: 'there is no /dev/kvm: this machine is itself a guest without nested virtualisation',
    fix: '{fix}',
  },
  kvmPermission: { message: 'access to /dev/kvm is denied', fix: '{fix}' },
  kvmUnusable: { message: 'KVM exists, but cannot run an ordinary guest', fix: '{fix}' },
  kvmUnusableInGuest: {
    message: 'KVM exists, but cannot run an ordinary guest (nested virtualisation is incomplete here)',
    fix: '{fix}',
  },
  kvmSilent: {
    message:
      'KVM exists, but a guest started under it gave no sign of life within 2 s: it may be unable to run one',
    fix: '{fix}',
  },
  kataMemory: {
    message: 'QEMU cannot get the memory of its guest from this host',
    fix: 'lower default_memory under [hypervisor.qemu] in {config}, or free memory:  free -h',
  },
  kataMemoryAbove: {
    message:
      'QEMU cannot get the memory of its guest: default_memory is {asked} in {config}, and this host has {all}',
    fix: 'lower default_memory under [hypervisor.qemu] in {config} (default: 2048)',
  },
  kataVmmSilent: {
    message:
      'the virtual machine monitor never answered: it ended while it started, or took longer than Kata waits for it',
    fix: 'read its messages:  journalctl -t kata   (for QEMU the lines "qemu stderr"); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params in {config} do not suit this release',
  },
  kataVmmEnded: {
    message: 'QEMU ended while it started, and Kata does not say why',
    fix: 'read the messages of QEMU:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params do not suit this QEMU',
  },
});

/**
 * Errors of Kata for any VMM that ended while it started; only the host shows why. The second and third are the Rust
 * runtime's, which keeps polling QEMU for 50 s and Cloud Hypervisor for 10 s (crates/hypervisor/src/qemu/qmp.rs of 3.26.0 to
 * 4.1.0, ch/inner_hypervisor.rs).
 */
const vmmEnded =
  /exiting QMP loop, command cancelled|(timed out waiting for QMP ready|API socket connect timed out)/;
const kvmIs =
  (state: KvmState) =>
  ({ devices }: RuleContext) =>
    devices?.kvm === state;

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
    (host.hypervisor === null ? text.kvmMissing : text.kvmMissingInGuest)({
      fix: kvmFix(host),
    }),
};

const denied: FailureRule = {
  code: 'kvm-permission',
  match: /Could not access KVM kernel module: Permission denied|\/dev\/kvm: permission denied/i,
  explain: () => text.kvmPermission({ fix: kvmPermissionFix }),
};

const unusable: FailureRule = {
  code: 'kvm-unusable',
  match: /failed to set MSR 0x[0-9a-f]+|kvm_msr_buf->nmsrs/,
  explain: (_, { host }) =>
    (host.hypervisor === null ? text.kvmUnusable : text.kvmUnusableInGuest)({
      fix: words.measureElsewhere,
    }),
};

const silent: Omit<FailureRule, 'match'> = {
  code: 'kvm-unusable',
  explain: () => text.kvmSilent({ fix: words.measureElsewhere }),
};

/** Memory of the guest beyond what the host has, bytes; null where it is not beyond that, or unknown. */
function memoryAbove({ guest, host }: RuleContext): number | null {
  const bytes = (guest?.memoryMiB ?? 0) * 2 ** 20;
  return bytes > host.memoryBytes ? bytes : null;
}

/** QEMU's words where it cannot map the guest's memory (system/physmem.c, hw/core/machine.c, backends/hostmem.c). */
const noMemory = /cannot set up guest memory|qemu[^\n]*: cannot allocate memory/i;

const memory: FailureRule = {
  code: 'kata-memory',
  match: noMemory,
  families: ['kata'],
  explain(_, context) {
    const asked = memoryAbove(context);
    const config = configOf(context);
    if (asked === null) return text.kataMemory({ config });
    const mebibytes = (bytes: number) => quantity(bytes / 2 ** 20, 'MiB');
    return text.kataMemoryAbove({
      config,
      asked: mebibytes(asked),
      all: mebibytes(context.host.memoryBytes),
    });
  },
};

/** Rules that explain an unspecific failure by the host: its KVM, and the memory that the configuration asks of it. */
export function hostBehind(match: RegExp): readonly FailureRule[] {
  return [
    { ...missing, match, families, when: kvmIs('missing') },
    { ...denied, match, families, when: kvmIs('denied') },
    { ...memory, match, when: (context) => memoryAbove(context) !== null },
    { ...unusable, match, families, when: kvmIs('unusable') },
    { ...silent, match, families, when: kvmIs('silent') },
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
  memory,
  ...hostBehind(vmmEnded),
  {
    code: 'kata-vmm-ended',
    match: vmmEnded,
    explain: ([rust = ''], context) =>
      rust === ''
        ? text.kataVmmEnded({ config: configOf(context) })
        : text.kataVmmSilent({ config: configOf(context, 'rust') }),
  },
];
