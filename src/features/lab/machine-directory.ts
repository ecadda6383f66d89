import { chmod, chown, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { guestUser } from '../../core/host/boot-guest.ts';
import type { MachineFiles } from './qemu.ts';

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
    kernel: 'vmlinuz',
    initrd: 'initrd.img',
    systemDisk: 'system.ext4',
    runDisk: 'run.ext4',
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
