import { constants, lstatSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { execa } from 'execa';
import { findProgram } from '../files/programs.ts';
import type { KvmState } from '../runtimes/failure-rule.ts';
import type { HostDevices } from '../runtimes/family.ts';

/** Paths of QEMU, Kata's static build first. */
const emulators = ['/opt/kata/bin/qemu-system-x86_64', 'qemu-system-x86_64', 'qemu-kvm'];

/** Timeout of the probe, ms; QEMU quits within a tenth of a second. */
const probeLimitMs = 5_000;

/**
 * Starts a guest under KVM and quits before its first instruction: QEMU creates the virtual CPU, and fails where KVM refuses
 * it. null where QEMU gave no answer. The machine type is given explicitly, because Kata 4.1's QEMU is built with this one only
 * and has no default (tools/packaging/static-build/qemu/build-qemu.sh).
 */
async function guestUnderKvm(qemu: string): Promise<boolean | null> {
  const args = ['-machine', 'q35,accel=kvm', '-cpu', 'host', '-m', '64', '-nodefaults', '-no-user-config'];
  const result = await execa(qemu, [...args, '-display', 'none', '-S', '-monitor', 'stdio'], {
    input: 'quit\n',
    reject: false,
    timeout: probeLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
  });
  return result.timedOut ? null : result.exitCode === 0;
}

async function kvmState(path: string, probe: typeof guestUnderKvm): Promise<KvmState> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'denied' : 'missing';
  }
  for (const name of emulators) {
    const qemu = await findProgram(name);
    if (qemu === null) continue;
    const works = await probe(qemu);
    return works === null ? 'untested' : works ? 'usable' : 'unusable';
  }
  return 'untested';
}

function exists(path: string, look: typeof lstatSync | typeof statSync): boolean {
  return look(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Inspects this host's devices for virtual machines. `root` and `probe` are replaced in tests. Never throws for missing
 * devices.
 */
export async function readHostDevices({
  root = '',
  probe = guestUnderKvm,
}: {
  readonly root?: string;
  readonly probe?: typeof guestUnderKvm;
} = {}): Promise<HostDevices> {
  const log = `${root}/dev/log`;
  return {
    kvm: await kvmState(`${root}/dev/kvm`, probe),
    vsock: exists(`${root}/dev/vhost-vsock`, statSync),
    syslog: exists(log, statSync) ? 'socket' : exists(log, lstatSync) ? 'dangling' : 'missing',
  };
}
