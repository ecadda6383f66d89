import { readHostDevices } from '../../core/host/host-devices.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Accelerator } from './qemu.ts';

const text = notices('lab.accelerator', {
  asked: 'as requested',
  missing: '/dev/kvm does not exist',
  denied: 'this user may not open /dev/kvm (is it in the group kvm?)',
  unusable: 'KVM cannot run a guest here',
  silent: 'a kernel under KVM gave no sign of life',
  opened: 'no guest was seen to fail under it',
});

/** The chosen accelerator, and the reason. */
interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  readonly reason: Message;
}

/** Chooses KVM where the guest's kernel runs under it, else emulation. `asked` is used without a test. */
export async function chooseAccelerator(
  kernel: string,
  asked: Accelerator | null,
): Promise<AcceleratorChoice> {
  if (asked !== null) return { accelerator: asked, reason: text.asked };
  const { kvm } = await readHostDevices({ kernels: [kernel] });
  return kvm === 'missing' || kvm === 'denied' || kvm === 'unusable' || kvm === 'silent'
    ? { accelerator: 'tcg', reason: text[kvm] }
    : { accelerator: 'kvm', reason: text.opened };
}
