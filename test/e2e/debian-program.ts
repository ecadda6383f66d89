import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../src/core/files/programs.ts';
import { root } from './support.ts';

/**
 * Path of a program of the Debian package of its name: from PATH, or unpacked below the checkout. It is not installed, since a
 * service of its own would start. null where neither is possible.
 */
export async function debianProgram(name: string): Promise<string | null> {
  const found = await findProgram(name);
  if (found !== null) return found;
  const place = join(root, '.cache/debian', name);
  const program = join(place, 'usr/bin', name);
  if (await isThere(program)) return program;
  const unpacked = `${place}.${process.pid}`;
  await mkdir(unpacked, { recursive: true });
  try {
    await execa('apt-get', ['download', name], { cwd: unpacked });
    const [archive = ''] = (await readdir(unpacked)).filter((file) => file.endsWith('.deb'));
    await execa('dpkg-deb', ['--extract', join(unpacked, archive), unpacked]);
    await rm(join(unpacked, archive));
    await rename(unpacked, place);
    return program;
  } catch {
    await rm(unpacked, { recursive: true });
    return (await isThere(program)) ? program : null;
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
