/**
 * State of /dev/kvm on the engine's host: `missing`, `denied` (cannot be opened), `unusable` (QEMU cannot make a guest with it,
 * or KVM stopped one), `silent` (a guest gave no sign of life), `usable` (a guest's kernel ran), `created` (a guest can be
 * made; none was booted); `untested` where there is no QEMU to test it with.
 */
export type KvmState = 'missing' | 'denied' | 'unusable' | 'silent' | 'usable' | 'created' | 'untested';

/** Devices of the host that virtual machines need. */
export interface HostDevices {
  readonly kvm: KvmState;
  /** Does /dev/vhost-vsock exist? */
  readonly vsock: boolean;
  /** /dev/log: a socket on which somebody listens, one on which nobody does, missing, or a dangling link. */
  readonly syslog: 'socket' | 'dead' | 'missing' | 'dangling';
}

/** Settings of a runtime's virtual machines that decide whether and when one starts; null where the file has none. */
export interface GuestSettings {
  /** Longest time of a start by these settings, ms. */
  readonly startLimitMs: number;
  /** Is the virtual machine monitor a process of its own, and no part of the shim? */
  readonly hasMonitor: boolean;
  /** The guest's kernel, a path. */
  readonly kernel: string | null;
  /** Memory of the guest at its start, MiB. */
  readonly memoryMiB: number | null;
}
