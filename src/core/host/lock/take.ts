import { randomUUID } from 'node:crypto';
import { type FileHandle, link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { myself } from '../../files/walk.ts';
import { shellWord } from '../../messages/command.ts';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import { refusal } from '../../model/failure/error.ts';
import {
  type ForeignLock,
  flock,
  heldBy,
  isAt,
  isOpen,
  type LockOwner,
  type OpenLock,
  openLock,
} from './file.ts';

const words = notices('lock', {
  cannotBeWritten: 'the lock cannot be written',
  cannotBeTaken: '{path} cannot be used as a lock',
});
const text = reasons('lock', {
  cannotBeMade: {
    message: 'cannot be created ({code})',
    fix: 'choose another place for it:  OCIBENCH_LOCK=FILE',
  },
  notOurs: {
    message: 'it is not a lock of ocibench, so nothing is written to it',
    fix: 'name a file that does not exist; or remove it, if nothing needs it:  rm {path}',
  },
  ofAnotherUser: {
    message: 'it was left by user {uid}, and only that user or root may replace it',
    fix: 'if nothing needs it:  sudo rm {path}',
  },
  notReplaced: { message: 'it cannot be replaced ({code})', fix: 'if nothing needs it:  sudo rm {path}' },
});

/** A lock of this process. */
export interface OwnLock {
  /** Did it replace the file of a dead process? */
  readonly replaced: boolean;
  /** Removes the file and releases the lock. May be called again. */
  release(): Promise<void>;
}

/**
 * Retries, and pause between them (ms), for a lock that is held without a named holder: another process is just taking or
 * inspecting it.
 */
const settle = { tries: 20, pauseMs: 50 };
/** Age from which the writer of an attempt has certainly given up, ms. */
const attemptAgeMs = 60_000;

/** Why an unheld file at a lock's path must not be replaced; null where it may be. */
function whyNotOurs(path: string, { owner, uid }: OpenLock): Reason | null {
  if (owner === null) return text.notOurs({ path: shellWord(path) });
  const { uid: me, sudoUid } = myself();
  return uid === 0 || uid === me || uid === sudoUid
    ? null
    : text.ofAnotherUser({ path: shellWord(path), uid: String(uid) });
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Moves the locked file `attempt` to `path`, so that the lock appears with its content and is held from the start. */
async function install(attempt: string, path: string): Promise<ForeignLock | 'made' | 'replaced'> {
  for (let tries = 0; ; ) {
    if (await linked(attempt, path)) return 'made';
    const found = await openLock(path);
    if (found === null) continue;
    if (!isOpen(found)) throw refusal(words.cannotBeTaken({ path }), path, found);
    await using stale = found;
    const refused = whyNotOurs(path, stale);
    if (await flock(stale, ['-n', '-x'])) {
      // Only the holder of a file's lock replaces the file. A process that then gets the lock of the replaced file detects that
      // here.
      if (!(await isAt(path, stale.handle))) continue;
      if (refused !== null) throw refusal(words.cannotBeTaken({ path }), path, refused);
      await rename(attempt, path).catch((error: NodeJS.ErrnoException) => {
        const reason = text.notReplaced({ code: String(error.code), path: shellWord(path) });
        throw refusal(words.cannotBeTaken({ path }), path, reason, error);
      });
      return 'replaced';
    }
    const holder = await heldBy(path, stale);
    if (holder.by !== null || ++tries > settle.tries) return holder;
    await sleep(settle.pauseMs);
  }
}

/**
 * Takes the lock at `path` for this process, or returns its holder. `content`: the text of the file, which is read as {@link
 * LockOwner}. OcibenchError (exit 2) where the path is another kind of file, or no file can be created.
 */
export async function takeLock(path: string, content: LockOwner): Promise<OwnLock | ForeignLock> {
  const attempt = `${path}.${process.pid}-${randomUUID()}`;
  const handle = await open(attempt, 'wx+', 0o644).catch((cause: NodeJS.ErrnoException) => {
    const reason = text.cannotBeMade({ code: String(cause.code) });
    throw refusal(words.cannotBeWritten, { file: dirname(path), key: basename(path) }, reason, cause);
  });
  let isTaken = false;
  try {
    if (!(await flock({ handle, path: attempt }, ['-n', '-x'])))
      throw new Error(`another process has locked ${attempt}`);
    // All users must be able to see that the lock is held, whatever this process's umask.
    await handle.chmod(0o644);
    await handle.writeFile(`${JSON.stringify(content)}\n`);
    await handle.sync();
    const result = await install(attempt, path);
    if (typeof result !== 'string') return result;
    isTaken = true;
    return { replaced: result === 'replaced', release: releaseOnce(path, handle) };
  } finally {
    await rm(attempt, { force: true }).catch(() => undefined);
    if (!isTaken) await handle.close();
  }
}

/** Files whose lock this process holds. Without a reference, a handle would be closed and its lock lost. */
const taken = new Set<FileHandle>();

function releaseOnce(path: string, handle: FileHandle): () => Promise<void> {
  taken.add(handle);
  return async () => {
    if (!taken.delete(handle)) return;
    try {
      if (await isAt(path, handle)) await rm(path, { force: true });
    } finally {
      await handle.close();
    }
  };
}

/** Removes attempts of processes that were killed during one. Only the holder of the lock may call it. */
export async function removeAttempts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  const lockedAt = (await lstat(path)).mtimeMs;
  const form = /^\d+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(prefix) || !form.test(name.slice(prefix.length))) continue;
    const file = join(dirname(path), name);
    const found = await openLock(file);
    if (found === null || !isOpen(found)) continue;
    await using attempt = found;
    const { mtimeMs, uid } = await attempt.handle.stat();
    const isOld = lockedAt - mtimeMs > attemptAgeMs;
    if (isOld && uid === process.getuid?.() && (await flock(attempt, ['-n', '-x'])))
      await rm(file, { force: true }).catch(() => undefined);
  }
}
