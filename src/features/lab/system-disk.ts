import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readStat } from '../../core/collect/process/read.ts';
import { listed, quantity } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import { execa } from '../../core/programs/execa.ts';
import { type GuestKernel, guestKernels, guestSuite, suiteOf } from './kernel.ts';
import type { BootFiles } from './qemu.ts';
import { labHash, mmdebstrapArguments, systemDiskSize } from './recipe.ts';

/** A guest's system as files on the host. */
export interface SystemDisk extends BootFiles {
  readonly systemDisk: string;
}

const text = notices('lab.disk', {
  notBuilt: "the lab's disk could not be built ({advice}); {command} said:\n  {words}",
});

const words = messages('lab.disk', {
  needsArchive:
    'the Debian archive with {suites} must be reachable: apt-get update. Without root, your user needs a range in /etc/subuid and a TMPDIR that others can enter',
  needsTools:
    'e2fsprogs 1.47.1 or newer and libarchive are needed: apt-get install -y e2fsprogs libarchive-tools',
  building: "building the lab''s disk from Debian packages (once, about a minute) in {path}",
  built: '  built in {seconds} s, {size} on disk',
});

const buildLimitMs = 20 * 60_000;

function filesIn(directory: string): SystemDisk {
  const at = (name: string) => join(directory, name);
  return { systemDisk: at('system.ext4'), kernel: at('vmlinuz'), initrd: at('initrd.img') };
}

async function step(command: string, args: readonly string[], cwd: string, advice: Message): Promise<void> {
  try {
    await execa(command, args, {
      cwd,
      stdin: 'ignore',
      timeout: buildLimitMs,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    const { stderr = '', shortMessage = '' } = error as { stderr?: string; shortMessage?: string };
    const said = stderr.trim().split('\n').slice(-8).join('\n  ') || shortMessage;
    throw new OcibenchError(text.notBuilt({ advice, command, words: said }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  }
}

/** Makes all files in a directory, which is used only after it is complete. */
async function build(directory: string, kernel: GuestKernel): Promise<void> {
  const suites = listed([...new Set([guestSuite, suiteOf(kernel)])]);
  await step('mmdebstrap', mmdebstrapArguments(kernel), directory, words.needsArchive({ suites }));
  const ext4 = ['-q', '-F', '-t', 'ext4', '-E', 'root_owner=0:0', '-L', 'system', '-d', 'system.tar'];
  await step('mke2fs', [...ext4, 'system.ext4', systemDiskSize], directory, words.needsTools);
  await rm(join(directory, 'system.tar'));
  // Root starts QEMU as another user, who must be able to read them.
  for (const path of Object.values(filesIn(directory))) await chmod(path, 0o644);
}

/** Name of the system disk with this kernel below the cache's directory. */
function nameOf(kernel: GuestKernel): string {
  return `system-${labHash(kernel).slice(0, 16)}`;
}

/**
 * Removes the system disks of the cache, except those in `kept` and those that a living process builds. Returns the
 * removed paths.
 */
export async function removeSystemDisks(
  directory: string,
  kept: readonly string[] = [],
): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  const removed = names.filter((name) => {
    if (kept.includes(name)) return false;
    const builder = /^system-\w+\.(\d+)\.tmp$/.exec(name)?.[1];
    return builder === undefined ? name.startsWith('system-') : readStat('/proc', Number(builder)) === null;
  });
  for (const name of removed) await rm(join(directory, name), { recursive: true, force: true });
  return removed.map((name) => join(directory, name));
}

/**
 * Provides the guest's system disk with this kernel and its initramfs: from the cache below `directory`, or built. Removes
 * cached disks that no present recipe makes; disks with other kernels stay. Throws OcibenchError (exit 3) where it cannot be
 * built here.
 */
export async function provideSystemDisk(
  directory: string,
  kernel: GuestKernel,
  log: (line: Message) => void,
): Promise<SystemDisk & { readonly built: boolean }> {
  const name = nameOf(kernel);
  const complete = join(directory, name);
  if ((await stat(complete).catch(() => null)) !== null) return { ...filesIn(complete), built: false };
  await mkdir(directory, { recursive: true });
  await removeSystemDisks(directory, guestKernels.map(nameOf));
  log(words.building({ path: complete }));
  const temporary = join(directory, `${name}.${process.pid}.tmp`);
  const began = performance.now();
  try {
    await mkdir(temporary);
    await build(temporary, kernel);
    await rename(temporary, complete).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its disk is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const { blocks } = await stat(filesIn(complete).systemDisk);
  const seconds = quantity((performance.now() - began) / 1000, '', 1);
  log(words.built({ seconds, size: quantity((blocks * 512) / 2 ** 20, 'MiB') }));
  return { ...filesIn(complete), built: true };
}
