import { messages, reasons } from '../../messages/define.ts';
import type { FailureRule, KvmState, RuleContext } from '../failure-rule.ts';
import { configOf, kvmFix, kvmPermissionFix } from './fixes.ts';

const words = messages('kvm', {
  measureElsewhere:
    'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be mended from inside',
});

const text = reasons('preflight', {
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
  kataVmmEnded: {
    message: 'QEMU ended while it started, and Kata does not say why',
    fix: "read QEMU's own words:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {config}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params are not for this QEMU",
  },
});

/** Error of Kata's Go runtime for any VMM that ended while it started; only the host shows why. */
const vmmEnded = /exiting QMP loop, command cancelled/;
const kvmIs =
  (state: KvmState) =>
  ({ kvm }: RuleContext) =>
    kvm === state;

const missing: FailureRule = {
  code: 'kvm-missing',
  match:
    /Could not access KVM kernel module: No such file or directory|\/dev\/kvm: no such file or directory/i,
  families: ['kata', 'other'],
  explain: (_, { host }) =>
    (host.hypervisor === null ? text.kvmMissing : text.kvmMissingInGuest)({ fix: kvmFix(host) }),
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
    (host.hypervisor === null ? text.kvmUnusable : text.kvmUnusableInGuest)({ fix: words.measureElsewhere }),
};

/** A KVM that is missing or cannot run the guest, also where only the host's device shows why the VMM ended. */
export const kvmFailures: readonly FailureRule[] = [
  missing,
  denied,
  unusable,
  { ...missing, match: vmmEnded, when: kvmIs('missing') },
  { ...denied, match: vmmEnded, when: kvmIs('denied') },
  { ...unusable, match: vmmEnded, when: kvmIs('unusable') },
  {
    code: 'kata-vmm-ended',
    match: vmmEnded,
    explain: (_, context) => text.kataVmmEnded({ config: configOf(context) }),
  },
];
