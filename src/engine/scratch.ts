import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Makes the directory of a run, owned by this process. */
export async function makeScratch(runId: string): Promise<string> {
  const path = join(scratchParent, `${prefix}${runId}`);
  await mkdir(path, { recursive: true, mode: 0o711 });
  const owner: Owner = { pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? '' };
  await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
  return path;
}

/** Scratch directories whose owner is gone, with their run ids. */
export async function staleScratch(): Promise<readonly { readonly runId: string; readonly path: string }[]> {
  const names = await readdir(scratchParent).catch(() => []);
  const stale = [];
  for (const name of names.filter((entry) => entry.startsWith(prefix))) {
    const path = join(scratchParent, name);
    try {
      const owner = JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')) as Owner;
      if ((await startTimeOf(owner.pid)) === owner.startTime) continue;
    } catch {
      // No owner could be read: the directory was being made or removed when its process ended.
    }
    stale.push({ runId: name.slice(prefix.length), path });
  }
  return stale;
}

/** Removes a scratch directory and all that is in it. */
export async function removeScratch(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
