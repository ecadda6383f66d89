import { families } from '../runtimes/registry.ts';

/** The default daemon.json of the guest: what the runtime families have there beside runc, which every daemon has. */
export const guestDaemonJson = {
  runtimes: Object.fromEntries(families.flatMap(({ guestEntries }) => Object.entries(guestEntries ?? {}))),
};
