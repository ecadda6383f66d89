import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskFull, diskFullCode } from '../model/disk-error.ts';

/** With less than this where it keeps its data, dockerd and runtimes fail in ways that do not tell of it. */
const leastBytes = 32 * 2 ** 20;
const chunk = Buffer.alloc(2 ** 20);

/**
 * Writes as much as must be free, and removes it. Neither the size of a file system nor its free blocks tell of a quota of a
 * btrfs subvolume (btrfs-qgroup(8)); those of ext4 and xfs on a directory are seen by statfs(2) already.
 */
async function shortageByWriting(directory: string): Promise<DiskFull | null> {
  const path = join(directory, `.ocibench-room.${process.pid}`);
  try {
    await using file = await open(path, 'w');
    for (let written = 0; written < leastBytes; written += chunk.length) await file.writeFile(chunk);
    return null;
  } catch (error) {
    return diskFullCode(error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Is too little left in this directory? null also where it cannot be known. `ours`: it may be written to, which tells more. */
export async function diskShortage(directory: string, ours: boolean): Promise<DiskFull | null> {
  const free = await statfs(directory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  if (free !== null && free < leastBytes) return 'ENOSPC';
  return ours ? shortageByWriting(directory) : null;
}
