import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '../programs/spawn.ts';

/** Lower bound of the user ids that no system assigns: systemd.io/UIDS-GIDS. */
const firstUnused = 1_879_048_192;
/** Fallback in a user namespace without such ids. */
const nobody = 65_534;

/** Are that user and group mapped in this process's user namespace? */
function isMapped(id: number): boolean {
  return ['uid_map', 'gid_map'].every((name) =>
    readFileSync(`/proc/self/${name}`, 'latin1')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .some(([inside = 0, , count = 0]) => id >= inside && id < inside + count),
  );
}

/**
 * Id of the user and group as which root starts QEMU, and which own nothing else on this host: code that escapes from a guest
 * has only their rights. null: the harness is not root.
 */
export function guestUser(): number | null {
  if (process.getuid?.() !== 0) return null;
  const own = firstUnused + process.pid;
  return isMapped(own) ? own : nobody;
}

/** The group that may use KVM; null where there is none. */
function kvmGroup(): number | null {
  const found = statSync('/dev/kvm', { throwIfNoEntry: false });
  return found === undefined || found.gid === 0 || (found.mode & 0o060) !== 0o060 ? null : found.gid;
}

/**
 * The command that starts this QEMU with these arguments: by setpriv, so that the kernel ends it when this process ends for any
 * reason. QEMU could change the user itself (`-run-with user=`), but that would cancel the signal (prctl(2), PR_SET_PDEATHSIG).
 */
export function unprivileged(
  qemu: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  const user = guestUser();
  const group = kvmGroup();
  const identity =
    user === null
      ? []
      : [
          '--reuid',
          String(user),
          '--regid',
          String(user),
          '--inh-caps=-all',
          ...(group === null ? ['--clear-groups'] : ['--groups', String(group)]),
        ];
  return ['setpriv', ['--pdeathsig', 'KILL', '--no-new-privs', ...identity, qemu, ...args]];
}

/** The environment of QEMU, with a private directory for temporary data, below its working directory. */
export function unprivilegedEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TMPDIR: 'temporary' };
}

/**
 * Options of every guest: no device that is not named, no network, an end instead of a restart, and a sandbox in which QEMU can
 * neither start programs nor change its user.
 */
export const bareGuest: readonly string[] = [
  '-nodefaults',
  '-no-user-config',
  '-display',
  'none',
  '-net',
  'none',
  '-no-reboot',
  '-sandbox',
  'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
];

/** A guest to boot: QEMU, its arguments, and where it starts. */
interface BootedGuest {
  readonly qemu: string;
  /** Its serial console is standard output. */
  readonly args: readonly string[];
  readonly directory: string;
  /** Ends the guest once its output has it. */
  readonly sign: RegExp;
  readonly limitMs: number;
}

/** What came of a guest. `ended`: QEMU ended, or could not be started. */
interface BootResult {
  readonly kind: 'sign' | 'ended' | 'time';
  /** The end of what the guest and QEMU printed, which may be anything. */
  readonly printed: string;
  readonly said: string;
}

/** The end of an output that is kept, UTF-16 units; a guest can print any amount. */
const maxKept = 64 * 1024;

/** Time for a killed guest to end, ms. */
const endLimitMs = 1_000;

/** Boots a guest as a user who owns nothing, until its output has a sign, it ends, or the time is over. Never rejects. */
export async function bootGuest({ qemu, args, directory, sign, limitMs }: BootedGuest): Promise<BootResult> {
  const [program, words] = unprivileged(qemu, args);
  const child = spawn(program, words, {
    cwd: directory,
    env: unprivilegedEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, said] = ['', ''];
  const seen = Promise.withResolvers<'sign'>();
  child.stdout.on('data', (chunk: Buffer) => {
    printed = `${printed}${chunk.toString('latin1')}`.slice(-maxKept);
    if (sign.test(printed)) seen.resolve('sign');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('latin1')}`.slice(-maxKept);
  });
  const ended = new Promise<'ended'>((resolve) => {
    child.on('close', () => resolve('ended'));
    child.on('error', ({ message }) => {
      said = message;
      resolve('ended');
    });
  });
  const timer = new AbortController();
  const time = sleep(limitMs, 'time' as const, { signal: timer.signal }).catch(() => 'time' as const);
  const kind = await Promise.race([seen.promise, ended, time]);
  timer.abort();
  child.kill('SIGKILL');
  await Promise.race([ended, sleep(endLimitMs, undefined, { ref: false })]);
  for (const output of [child.stdout, child.stderr]) output.destroy();
  return { kind: sign.test(printed) ? 'sign' : kind, printed, said };
}
