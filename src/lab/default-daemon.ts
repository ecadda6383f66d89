import { families } from '../runtimes/registry.ts';

/** The daemon.json of the guest where the user gives none: what the families of runtimes have there beside runc, which every daemon has. */
export const defaultDaemonJson = {
  runtimes: Object.fromEntries(families.flatMap(({ guestEntries }) => Object.entries(guestEntries ?? {}))),
};
