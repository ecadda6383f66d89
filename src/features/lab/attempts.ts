import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { MachineEnd } from './machine.ts';
import type { Accelerator } from './qemu.ts';

const text = notices('lab', {
  noKvm: 'the guest did not boot under KVM ({reason}): trying again with tcg',
  again: 'the guest hung while it booted ({reason}): booting it once more',
});

/**
 * Boots a guest until it has booted: emulated where it does not boot under KVM, unless the user chose that, and once more where
 * it hung. Returns the last attempt, which may have failed.
 */
export async function guestAttempts<T extends { readonly end: MachineEnd }>(
  attempt: (accelerator: Accelerator) => Promise<T>,
  options: {
    readonly accelerator: Accelerator;
    readonly isChosen: boolean;
    readonly log: (line: Message) => void;
  },
): Promise<T> {
  const { isChosen, log } = options;
  let { accelerator } = options;
  let found = await attempt(accelerator);
  if (found.end.kind === 'failed' && !found.end.booted && accelerator === 'kvm' && !isChosen) {
    log(text.noKvm({ reason: found.end.reason }));
    accelerator = 'tcg';
    found = await attempt(accelerator);
  }
  if (found.end.kind === 'failed' && found.end.hung) {
    log(text.again({ reason: found.end.reason }));
    found = await attempt(accelerator);
  }
  return found;
}
