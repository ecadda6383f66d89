import { constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { unreadable } from '../../files/plain-file.ts';
import { findProgram } from '../../files/programs.ts';
import { shellWord } from '../../messages/command.ts';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../../model/failure/error.ts';
import { spawn } from '../../programs/spawn.ts';
import { livenessOf, ownIdentity, processIdentitySchema } from '../process-identity.ts';

const words = notices('lock', { cannotBeAsked: 'the kernel cannot be asked for a file lock' });
const text = reasons('lock', {
  notRegular: {
    message: 'it is not a regular file',
    fix: 'name a file that does not exist; or remove it, if nothing needs it:  rm {path}',
  },
  unreadable: { message: 'it cannot be opened ({code})', fix: 'if nothing needs it:  sudo rm {path}' },
  noProgram: { message: 'flock is not installed', fix: 'install it:  apt-get install util-linux' },
});

const ownerSchema = processIdentitySchema.extend({
  /** For example `ocibench run`. */
  command: z.string().max(100),
  runId: z.string().max(100),
  /** ISO 8601, for display. */
  since: z.string().max(40),
});
/** Description of the holder in a lock file. Other users can write anything into their own files. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>;

/** A lock that another process holds. */
export interface ForeignLock {
  readonly file: string;
  /** null where the file does not name the holder. */
  readonly by: LockOwner | null;
  /** Does the kernel confirm that process `by.pid` holds the lock? Only then may a message suggest signalling it. */
  readonly verified: boolean;
}

/** Longest text of a lock file, bytes. */
const longest = 4096;
/** Longest wait of one child, s. If this process is killed while waiting, its child remains for at most this time. */
const waitSeconds = 10;
/** Pause after an unsuccessful wait, ms. */
const pauseMs = 1000;

/**
 * Locks an open file with flock(1), since Node has no such call. The lock belongs to the open file description (flock(2)),
 * which this process shares; the kernel releases it when this process ends, in any PID namespace. Programs that this process
 * starts do not inherit the file (O_CLOEXEC). False where another process holds the lock.
 */
export async function flock(
  { handle, path }: Pick<OpenLock, 'handle' | 'path'>,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const program = await findProgram('flock');
  if (program === null)
    throw new OcibenchError(words.cannotBeAsked, {
      exitCode: exitCodes.noEngine,
      problems: [problemOf('flock', text.noProgram)],
    });
  return new Promise((resolve, reject) => {
    // The child has its own session: Ctrl-C then ends this process's wait and not the child.
    const child = spawn(program, [...args, '3'], {
      stdio: ['ignore', 'ignore', 'ignore', handle.fd],
      detached: true,
      ...(signal === undefined ? {} : { signal }),
    });
    child.once('error', (error) => (signal?.aborted ? resolve(false) : reject(error)));
    // 1: another process holds the lock; null: the wait was aborted.
    child.once('exit', (code) =>
      code === 0 || code === 1 || code === null
        ? resolve(code === 0)
        : reject(unreadable(path, `flock(1): exit code ${code}`)),
    );
  });
}

/**
 * An open lock file, perhaps of another user. It is open for writing where permitted, which NFS requires; nothing is written to
 * it.
 */
export interface OpenLock extends AsyncDisposable {
  readonly path: string;
  readonly handle: FileHandle;
  readonly uid: number;
  readonly owner: LockOwner | null;
}

function ownerIn(content: string): LockOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

/**
 * Opens the file at `path`; null where there is none, a reason where it is not a lockable file. Never waits (O_NONBLOCK,
 * open(2)).
 */
export async function openLock(path: string): Promise<OpenLock | Reason | null> {
  const { O_RDONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  let handle: FileHandle;
  try {
    const found = await lstat(path);
    if (!found.isFile()) return text.notRegular({ path: shellWord(path) });
    // On NFS an exclusive lock needs a file that is open for writing (flock(2)).
    handle = await open(path, O_RDWR | flags).catch((error: NodeJS.ErrnoException) => {
      if (['EACCES', 'EPERM', 'EROFS', 'ETXTBSY'].includes(String(error.code)))
        return open(path, O_RDONLY | flags);
      throw error;
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? null : text.unreadable({ code: String(code), path: shellWord(path) });
  }
  try {
    const found = await handle.stat();
    const bytes = Buffer.alloc(longest + 1);
    const { bytesRead } = found.isFile() ? await handle.read(bytes, 0, bytes.length, 0) : { bytesRead: 0 };
    const owner = bytesRead > longest ? null : ownerIn(bytes.toString('utf8', 0, bytesRead));
    if (found.isFile())
      return { path, handle, uid: found.uid, owner, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return text.notRegular({ path: shellWord(path) });
}

/** Is it an open lockable file? */
export const isOpen = (found: OpenLock | Reason): found is OpenLock => 'handle' in found;

/** Is this open file still the one at `path`? Its holder may have removed it meanwhile. */
export async function isAt(path: string, handle: FileHandle): Promise<boolean> {
  const [here, mine] = await Promise.all([lstat(path).catch(() => null), handle.stat()]);
  return here !== null && here.dev === mine.dev && here.ino === mine.ino;
}

/** Does this process hold the file's lock, according to the kernel (proc_pid_fdinfo(5))? false where access is denied. */
function holds(pid: number, { dev, ino }: { readonly dev: number; readonly ino: number }): boolean {
  const directory = join('/proc', String(pid));
  const isIt = (fd: string) => {
    try {
      const found = statSync(join(directory, 'fd', fd));
      if (found.dev !== dev || found.ino !== ino) return false;
      return /^lock:.*\bFLOCK\b/m.test(readFileSync(join(directory, 'fdinfo', fd), 'utf8'));
    } catch {
      return false;
    }
  };
  try {
    return readdirSync(join(directory, 'fd')).some(isIt);
  } catch {
    return false;
  }
}

/** The holder of this file's lock, according to the file and the kernel. */
export async function heldBy(file: string, { handle, owner }: OpenLock): Promise<ForeignLock> {
  if (owner === null || livenessOf(owner) === 'gone') return { file, by: null, verified: false };
  const isHere = owner.pidNamespace === undefined || owner.pidNamespace === ownIdentity().pidNamespace;
  return { file, by: owner, verified: isHere && holds(owner.pid, await handle.stat()) };
}

/**
 * The holder of the lock at `path`; null where nobody holds it. A file that is not ocibench's counts as held if it is locked or
 * cannot be opened.
 */
export async function lockHolder(path: string): Promise<ForeignLock | null> {
  const found = await openLock(path);
  if (found === null) return null;
  if (!isOpen(found))
    return found.message.id === 'lock.unreadable' ? { file: path, by: null, verified: false } : null;
  await using lock = found;
  return (await flock(lock, ['-n', '-s'])) || !(await isAt(path, lock.handle))
    ? null
    : await heldBy(path, lock);
}

/** Waits in the kernel until nobody holds the lock at `path`, or until `signal` is aborted. */
export async function lockFree(path: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const found = await openLock(path);
    if (found === null || !isOpen(found)) return;
    await using lock = found;
    if (await flock(lock, ['-w', String(waitSeconds), '-s'], signal)) return;
    // The pause is for versions of flock without -w, which return at once.
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
