import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readStat } from '../../core/collect/process/read.ts';

const prefix = 'guest-';

/** Identifies a process by pid and start time: the pid alone could since belong to another process. */
function nameOf(pid: number): string | null {
  const stat = readStat('/proc', pid);
  return stat === null ? null : `${prefix}${pid}-${stat.startTicks}`;
}

/** Makes the directory below `lab` for the disk of this process's guest. */
export async function makeGuestDirectory(lab: string): Promise<string> {
  const directory = join(lab, nameOf(process.pid) ?? `${prefix}${process.pid}-0`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Removes the directories of processes that have ended. Returns the removed paths. */
export async function removeStaleGuests(lab: string): Promise<readonly string[]> {
  const names = await readdir(lab).catch(() => []);
  const stale = names.filter((name) => {
    const pid = /^guest-(\d+)-\d+$/.exec(name)?.[1];
    return pid !== undefined && nameOf(Number(pid)) !== name;
  });
  for (const name of stale) await rm(join(lab, name), { recursive: true, force: true });
  return stale.map((name) => join(lab, name));
}
