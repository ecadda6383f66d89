import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskError } from '../model/disk-error.ts';
import { isWriterGone, writerMark } from '../store/files.ts';

const prefix = 'ocibench-artefact-';
const ours = /^ocibench-artefact-(\d+\.\d+\.[0-9a-f]{8})-/;

/**
 * A new directory that only this user can enter, below a directory that others may write to. Removes those that killed processes of
 * this user left there. OcibenchError where the disk refuses.
 */
export async function makeScratch(parent: string): Promise<string> {
  await removeLeft(parent);
  return mkdtemp(join(parent, `${prefix}${writerMark()}-`)).catch((error: unknown) => {
    throw diskError(parent, error, null);
  });
}

/** A name proves nothing: what belongs to another user is left alone. */
async function removeLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const mark = ours.exec(name)?.[1];
    if (mark === undefined || !isWriterGone(mark)) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() && found.uid === process.geteuid?.())
      await rm(path, { recursive: true, force: true });
  }
}
