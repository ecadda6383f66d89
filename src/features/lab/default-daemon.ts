import { families } from '../../core/runtimes/registry.ts';
import type { GuestKernel } from './kernel.ts';

/**
 * The default daemon.json of a guest with this kernel: what the runtime families have there beside runc, which every
 * daemon has.
 */
export function guestDaemonJson(kernel: GuestKernel) {
  const entries = families.flatMap(({ guestEntries }) => Object.entries(guestEntries?.(kernel) ?? {}));
  return { runtimes: Object.fromEntries(entries) };
}
