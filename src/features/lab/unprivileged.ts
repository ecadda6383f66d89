import { readFileSync, statSync } from 'node:fs';
import { chmod, chown, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MachineFiles } from './qemu.ts';

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
function guestUser(): number | null {
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
 * The command that starts QEMU with these arguments: by setpriv, so that the kernel ends it when this process ends for any
 * reason. QEMU could change the user itself (`-run-with user=`), but that would cancel the signal (prctl(2), PR_SET_PDEATHSIG).
 */
export function unprivileged(qemu: readonly string[]): readonly [program: string, args: readonly string[]] {
  const user = guestUser();
  const group = kvmGroup();
  const identity =
    user === null
      ? []
      : [
          ...['--reuid', String(user), '--regid', String(user), '--inh-caps=-all'],
          ...(group === null ? ['--clear-groups'] : ['--groups', String(group)]),
        ];
  const words = ['--pdeathsig', 'KILL', '--no-new-privs', ...identity, 'qemu-system-x86_64', ...qemu];
  return ['setpriv', words];
}

/** The environment of QEMU, with a private directory for temporary data. */
export function unprivilegedEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TMPDIR: 'temporary' };
}

/** Host paths of the files that a guest boots from and writes. */
interface HostFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly systemDisk: string;
  readonly runDisk: string;
}

/**
 * Makes QEMU's working directory below the guest's, with its files under their names there. QEMU's user may be unable to enter
 * the parent directories, and must not be able to change a name: root reads the run's disk afterwards and must get that very
 * file.
 */
export async function makeMachineDirectory(
  guest: string,
  { kernel, initrd, systemDisk, runDisk }: HostFiles,
): Promise<MachineFiles> {
  const directory = join(guest, 'machine');
  const files = {
    ...{ kernel: 'vmlinuz', initrd: 'initrd.img', systemDisk: 'system.ext4', runDisk: 'run.ext4' },
    consoleLog: 'console.log',
  };
  const at = (name: string) => join(directory, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  await chmod(directory, 0o755);
  await mkdir(at('temporary'), { mode: 0o700 });
  await writeFile(at(files.consoleLog), '', { flag: 'wx', mode: 0o600 });
  await Promise.all([
    link(kernel, at(files.kernel)),
    link(initrd, at(files.initrd)),
    link(systemDisk, at(files.systemDisk)),
    link(runDisk, at(files.runDisk)),
  ]);
  const user = guestUser();
  if (user !== null)
    for (const name of [files.runDisk, files.consoleLog, 'temporary']) await chown(at(name), user, user);
  return { directory, name: basename(guest), ...files };
}
