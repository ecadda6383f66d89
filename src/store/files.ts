import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError } from '../model/disk-error.ts';

/**
 * Writes so that a reader sees the old content or the new, never a part (temporary file, fsync, rename). OcibenchError that
 * names the file where the disk is full or does not let us write.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, content);
  } catch (error) {
    throw diskError(path, error);
  }
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    await rename(temporary, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Points the symbolic link `directory/latest` at `name`, where there is a `name`: a run that was interrupted early has
 * no charts. A `latest` that is not a link is left alone.
 */
export async function pointLatest(directory: string, name: string): Promise<void> {
  if ((await lstat(join(directory, name)).catch(() => null)) === null) return;
  const link = join(directory, 'latest');
  const present = await lstat(link).catch(() => null);
  if (present !== null && !present.isSymbolicLink()) return;
  if (present !== null && (await readlink(link)) === name) return;
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  await symlink(name, temporary);
  await rename(temporary, link);
}
