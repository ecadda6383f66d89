import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskError } from '../model/disk-error.ts';

/** On disk rather than /tmp, which is often memory: the engine's images and layers lie here. */
const scratchParent = process.env.OCIBENCH_SCRATCH ?? '/var/tmp';
const prefix = 'ocibench-';

/** Who owns a scratch directory: a pid alone could since belong to another process. */
interface Owner {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: start time in clock ticks since boot. */
  readonly startTime: string;
}

/** Start time of a process as the kernel counts it, or null when there is no such process. */
async function startTimeOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** How another place for scratch directories is chosen, for messages. */
export const scratchChoice = 'OCIBENCH_SCRATCH=DIR';

/** Makes the directory of a run, owned by this process. OcibenchError where the disk does not let us. */
export async function makeScratch(runId: string): Promise<string> {
  const path = join(scratchParent, `${prefix}${runId}`);
  try {
    await mkdir(path, { recursive: true, mode: 0o711 });
    const owner: Owner = { pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? '' };
    await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
  } catch (error) {
    throw diskError(path, error, scratchChoice);
  }
  return path;
}

interface ScratchDirectory {
  readonly runId: string;
  readonly path: string;
  readonly alive: boolean;
}

async function scratchDirectories(): Promise<readonly ScratchDirectory[]> {
  const names = await readdir(scratchParent).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.startsWith(prefix))
      .map(async (name) => {
        const path = join(scratchParent, name);
        return { runId: name.slice(prefix.length), path, alive: await hasLivingOwner(path) };
      }),
  );
}

/** False also where no owner can be read: the directory was being made or removed when its process ended. */
async function hasLivingOwner(path: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')) as Owner;
    return (await startTimeOf(owner.pid)) === owner.startTime;
  } catch {
    return false;
  }
}

/** Scratch directories whose owner is gone. */
export async function staleScratch(): Promise<readonly ScratchDirectory[]> {
  return (await scratchDirectories()).filter(({ alive }) => !alive);
}

/** Run ids that are being measured on this host now. */
export async function livingScratch(): Promise<readonly string[]> {
  return (await scratchDirectories()).filter(({ alive }) => alive).map(({ runId }) => runId);
}

/** Removes a scratch directory and all that is in it. */
export async function removeScratch(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
