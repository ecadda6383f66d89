import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { shellWord } from '../messages/command.ts';
import { messages, notices, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { OcibenchError, refusal } from '../model/failure/error.ts';

const words = notices('file', {
  cannotBeRead: '{path} cannot be read',
  link: 'it is a symbolic link',
  notRegular: 'it is not a regular file',
  tooLarge: 'it is larger than {size} MiB',
});

const text = reasons('file', {
  unreadable: {
    message: 'cannot be read: {why}',
    fix: 'put a regular file in its place, or name another one',
  },
});

const fixes = messages('file.fix', {
  tooMany: 'raise the limit of open files (ulimit -n)',
  tooManyAll:
    'raise the limit of open files of this host (sysctl fs.file-max), or stop the program that holds so many open',
  denied: 'run as a user who may read it, or give this user access:  ls -l {path}',
  failed: 'check the kernel log (dmesg)',
});

/** The fix for an error of the kernel (errno(3)) that is not caused by the file. */
function fixOf(path: string, code: unknown): Message | null {
  if (code === 'EMFILE') return fixes.tooMany;
  if (code === 'ENFILE') return fixes.tooManyAll;
  if (code === 'EACCES' || code === 'EPERM') return fixes.denied({ path: shellWord(path) });
  return code === 'EIO' ? fixes.failed : null;
}

/** How to open a file that another user may have put there. */
export interface PlainFileOptions {
  /** Whether to follow a symbolic link as the last part of the path. False where another user may have made it. */
  readonly followLinks: boolean;
  /** Whether to open it for writing too. */
  readonly write?: boolean;
  /** The directory of the path, if it is held open: the file is opened in it. */
  readonly heldIn?: { at(name: string): string };
}

/**
 * Maximum length, bytes, of a text that a person wrote or that describes one run: far more than is ever needed, and far
 * less than fits into memory.
 */
export const maxTextBytes = 64 * 1024 * 1024;

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/**
 * Opens a regular file. O_NONBLOCK makes open(2) return at once for a FIFO without a writer. Devices are not read.
 * Throws ENOENT unchanged, and any other error as OcibenchError (exit 2) that names the file.
 */
export async function openPlainFile(path: string, options: PlainFileOptions): Promise<FileHandle> {
  const { followLinks, write = false, heldIn } = options;
  const flags = (write ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY | (followLinks ? 0 : O_NOFOLLOW);
  const handle = await open(heldIn?.at(basename(path)) ?? path, flags).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw error;
      // With O_NOFOLLOW, the error for a link is ELOOP, as for an endless chain of links.
      if (error.code === 'ELOOP') throw unreadable(path, words.link, error);
      // ENXIO: a FIFO or socket opened for writing, or a device without a driver.
      if (error.code === 'ENXIO') throw notRegular(path, error);
      throw unreadable(path, error.message, error);
    },
  );
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw notRegular(path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads a regular file of at most {@link maxTextBytes}; a file that grows meanwhile is truncated there. Throws the
 * errors of {@link openPlainFile}.
 */
export async function readPlainFile(path: string, options: PlainFileOptions): Promise<Buffer> {
  const handle = await openPlainFile(path, options);
  try {
    const { size } = await handle.stat();
    if (size > maxTextBytes) throw unreadable(path, words.tooLarge({ size: maxTextBytes / 1024 ** 2 }));
    return await contentOf(handle);
  } catch (error) {
    if (error instanceof OcibenchError) throw error;
    throw unreadable(path, (error as Error).message, error);
  } finally {
    await handle.close();
  }
}

/** For `catch`: null where there is no such file; any other error is thrown. */
export function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** Files of /proc and the like report no size, so they are read to their end. */
async function contentOf(handle: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length <= maxTextBytes) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(64 * 1024), 0, null, null);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts);
}

/** OcibenchError (exit 2) for a path that is not a regular file. */
export function notRegular(path: string, cause?: unknown): OcibenchError {
  return unreadable(path, words.notRegular, cause);
}

/** OcibenchError (exit 2) for a file that exists and cannot be read. */
export function unreadable(path: string, why: Message | string, cause?: unknown): OcibenchError {
  const { message, fix } = text.unreadable({ why });
  const fitting = fixOf(path, Object(cause).code) ?? fix;
  return refusal(words.cannotBeRead({ path }), path, { message, fix: fitting }, cause);
}
