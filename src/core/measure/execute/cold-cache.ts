import { writeFile } from 'node:fs/promises';
import { execa } from '../../programs/execa.ts';

/**
 * Writes dirty pages and drops the page cache, dentries and inodes (Documentation/admin-guide/sysctl/vm.rst,
 * drop_caches). Image files and the binaries of runtimes that are not running are then read from the disk again. This
 * slows down other work on the host for a while. Rejects without root.
 */
export async function dropPageCache(): Promise<void> {
  await execa('sync', [], { stdin: 'ignore', timeout: 60_000 });
  await writeFile('/proc/sys/vm/drop_caches', '3');
}
