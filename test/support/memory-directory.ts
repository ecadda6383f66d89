import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inMemory = '/dev/shm';
/** A container may have 64 MiB there, which ocibench would warn of. */
const leastBytes = 4 * 1024 ** 3;

/** Is there a file system in memory that has room, and on which programs can be started? */
function isUsable(): boolean {
  try {
    accessSync(inMemory, constants.W_OK);
    const mounted = readFileSync('/proc/mounts', 'utf8').match(/^\S+ \/dev\/shm \S+ (\S+)/m)?.[1];
    if (mounted === undefined || mounted.split(',').includes('noexec')) return false;
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= leastBytes;
  } catch {
    return false;
  }
}

/**
 * A new directory, in memory where that is possible: every line of a record is synced (fsync), for which a disk that others
 * load takes longer than for all else in a test.
 */
export async function makeDirectory(prefix: string): Promise<string> {
  return mkdtemp(join(isUsable() ? inMemory : tmpdir(), prefix));
}
