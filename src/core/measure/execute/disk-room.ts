import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskFull, diskFullCode } from '../../model/machine/disk-error.ts';

/** Minimum free space, bytes: with less, dockerd and runtimes fail in ways that do not name the cause. */
const minFreeBytes = 32 * 2 ** 20;
const chunk = Buffer.alloc(2 ** 20);

/** Space that a directory's file system has left for us, bytes (statfs(2), `f_bavail`). */
export async function freeBytesAt(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/**
 * Writes a file of the minimum size, and removes it. Neither the size of a file system nor its free blocks show a quota
 * of a btrfs subvolume (btrfs-qgroup(8)). statfs(2) shows quotas of ext4 and xfs on a directory.
 */
async function shortageByWriting(directory: string): Promise<DiskFull | null> {
  const path = join(directory, `.ocibench-room.${process.pid}`);
  try {
    await using file = await open(path, 'w');
    for (let written = 0; written < minFreeBytes; written += chunk.length) await file.writeFile(chunk);
    return null;
  } catch (error) {
    return diskFullCode(error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/**
 * Checks whether a directory has too little free space; null where it has enough or the space is unknown. `writable`:
 * ocibench may write to the directory, so a test file is written too.
 */
export async function diskShortage(directory: string, writable: boolean): Promise<DiskFull | null> {
  const free = await freeBytesAt(directory).catch(() => null);
  if (free !== null && free < minFreeBytes) return 'ENOSPC';
  return writable ? shortageByWriting(directory) : null;
}
