import { constants, lstatSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, isAbsolute } from 'node:path';
import { findProgram } from '../files/programs.ts';
import { execa } from '../programs/execa.ts';
import type { HostDevices, KvmState } from '../runtimes/guest/facts.ts';
import { bareGuest, bootGuest, unprivileged, unprivilegedEnvironment } from './boot-guest.ts';

/** Paths of QEMU, Kata's static build first. */
const emulators = ['/opt/kata/bin/qemu-system-x86_64', 'qemu-system-x86_64', 'qemu-kvm'];

/** Timeout for making a guest, ms; QEMU quits within a tenth of a second. */
const makeLimitMs = 5_000;
/** Timeout of a guest that boots, ms. Under a working KVM a kernel prints its first line within one second. */
const bootLimitMs = 2_000;

/**
 * The machine type is given explicitly, because Kata 4.1's QEMU is built with this one only and has no default
 * (tools/packaging/static-build/qemu/build-qemu.sh).
 */
const machine = ['-machine', 'q35,accel=kvm', '-cpu', 'host'];

/**
 * Starts a guest under KVM and quits before its first instruction: QEMU creates the virtual CPU, and fails where KVM refuses
 * it. null where QEMU gave no answer.
 */
async function makeGuest(qemu: string): Promise<boolean | null> {
  const args = [...machine, '-m', '64', '-nodefaults', '-no-user-config'];
  const [program, words] = unprivileged(qemu, [...args, '-display', 'none', '-S', '-monitor', 'stdio']);
  const result = await execa(program, words, {
    env: unprivilegedEnvironment(),
    extendEnv: false,
    cwd: '/',
    input: 'quit\n',
    reject: false,
    timeout: makeLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
  });
  return result.timedOut ? null : result.exitCode === 0;
}

/** Words of QEMU about a guest whose instructions KVM cannot run. It then keeps the guest, and does not end. */
const stopped = /KVM internal error|error: kvm run failed|kvm_msr_buf->nmsrs/;
/** Words of a kernel that has nothing to start: it ran up to there. */
const kernelEnd = /Kernel panic - not syncing|Unable to mount root fs/;

/**
 * Boots a kernel under KVM, without disk and initramfs, until it panics for want of them. null: neither QEMU nor the kernel
 * told whether it runs.
 */
async function bootKernel(
  qemu: string,
  kernel: string,
): Promise<Extract<KvmState, 'usable' | 'unusable' | 'silent'> | null> {
  const files = ['-kernel', basename(kernel), '-append', 'console=ttyS0 earlyprintk=ttyS0 panic=-1'];
  const { kind, printed, said } = await bootGuest({
    qemu,
    args: [...bareGuest, ...machine, '-smp', '1', '-m', '256', '-serial', 'stdio', ...files],
    // Whom root starts may be unable to enter the directories above.
    directory: dirname(kernel),
    sign: kernelEnd,
    limitMs: bootLimitMs,
  });
  if (stopped.test(said)) return 'unusable';
  if (/Linux version \d/.test(printed)) return 'usable';
  return kind === 'time' ? 'silent' : null;
}

/** Is it the absolute path of a regular file? A configuration may name anything. */
function isFile(path: string): boolean {
  try {
    return isAbsolute(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}

/** How KVM is tried; replaced in tests. */
interface KvmProbe {
  readonly make: typeof makeGuest;
  readonly boot: typeof bootKernel;
}

async function kvmState(
  path: string,
  kernels: readonly string[],
  { make, boot }: KvmProbe,
): Promise<KvmState> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'denied' : 'missing';
  }
  for (const name of emulators) {
    const qemu = await findProgram(name);
    if (qemu === null) continue;
    const made = await make(qemu);
    if (made === null) return 'untested';
    if (!made) return 'unusable';
    const kernel = kernels.find(isFile);
    return (kernel === undefined ? null : await boot(qemu, kernel)) ?? 'created';
  }
  return 'untested';
}

function exists(path: string, look: typeof lstatSync | typeof statSync): boolean {
  return look(path, { throwIfNoEntry: false }) !== undefined;
}

/** Timeout of a connection to a socket of this host, ms. */
const connectLimitMs = 1_000;

/**
 * Does somebody listen on a socket of any type? The kernel says ECONNREFUSED where nobody does, before it compares the types
 * (EPROTOTYPE; net/unix/af_unix.c, unix_find_bsd). A listener that is busy counts.
 */
async function isListening(path: string): Promise<boolean> {
  const socket = connect({ path });
  socket.setTimeout(connectLimitMs);
  const answer = await new Promise<string | undefined>((resolve) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('timeout', () => resolve(undefined));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
  });
  socket.destroy();
  return answer !== 'ECONNREFUSED' && answer !== 'ENOENT';
}

async function syslogState(path: string): Promise<HostDevices['syslog']> {
  if (!exists(path, statSync)) return exists(path, lstatSync) ? 'dangling' : 'missing';
  return (await isListening(path)) ? 'socket' : 'dead';
}

/**
 * Inspects this host's devices for virtual machines. `kernels`: those of guests, of which the first that exists is booted.
 * `root` and `probe` are replaced in tests. Never throws for missing devices.
 */
export async function readHostDevices({
  root = '',
  kernels = [],
  probe = { make: makeGuest, boot: bootKernel },
}: {
  readonly root?: string;
  readonly kernels?: readonly string[];
  readonly probe?: KvmProbe;
} = {}): Promise<HostDevices> {
  return {
    kvm: await kvmState(`${root}/dev/kvm`, kernels, probe),
    vsock: exists(`${root}/dev/vhost-vsock`, statSync),
    syslog: await syslogState(`${root}/dev/log`),
  };
}
