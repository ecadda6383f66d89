import { createHash } from 'node:crypto';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, reasons } from '../../messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../../model/error.ts';
import { identityOf } from '../process-identity.ts';
import { type Holder, holderOf, readLock } from './holder.ts';

const words = messages('lock', {
  cannotBeWritten: 'the lock of this host cannot be written',
  cannotBeRemoved: '{path} is the lock of a process that is gone, and cannot be removed',
});
const doubts = reasons('lock', {
  cannotBeMade: {
    message: 'cannot be made ({code})',
    fix: 'choose another place for it:  OCIBENCH_LOCK=FILE',
  },
  ofAnotherUser: { message: 'it belongs to another user ({code})', fix: 'sudo rm {path}' },
});

/** Delay before the next look at a stale lock that another process is replacing, ms. */
const takeoverPauseMs = 5;

/** Writes the file that will become the lock at `path`. OcibenchError (exit 2) where that fails. */
export async function writeAttempt(attempt: string, text: string, path: string): Promise<void> {
  const handle = await open(attempt, 'wx', 0o644).catch((cause: NodeJS.ErrnoException) => {
    const reason = doubts.cannotBeMade({ code: String(cause.code) });
    throw new OcibenchError(words.cannotBeWritten, {
      exitCode: exitCodes.misuse,
      problems: [problemOf({ file: dirname(path), key: basename(path) }, reason)],
      cause,
    });
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isLinked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/**
 * Path of the takeover lock for a lock with this text: each stale lock has its own, so that one process replaces it.
 */
function takeoverPath(path: string, text: string): string {
  return `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

async function replace(path: string, attempt: string): Promise<void> {
  try {
    await link(attempt, `${attempt}.new`);
    await rename(`${attempt}.new`, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new OcibenchError(words.cannotBeRemoved({ path }), {
      exitCode: exitCodes.busy,
      problems: [problemOf({ file: path, key: '' }, doubts.ofAnotherUser({ code: String(code), path }))],
      cause,
    });
  }
}

/**
 * Makes the file `attempt` the lock at `path`. Returns how, or the holder. A lock appears atomically with its content
 * (`link`). Only the holder of the takeover lock replaces a stale lock: no other process changes a file whose owner has
 * ended, so the content that was read is still current.
 */
export async function takeLock(path: string, attempt: string): Promise<Holder | 'made' | 'replaced'> {
  for (;;) {
    if (await isLinked(attempt, path)) return 'made';
    const seen = await readLock(path);
    if (seen === null) continue;
    const holder = await holderOf(seen);
    if (holder !== null) return holder;
    const takeover = takeoverPath(path, seen.text);
    if (typeof (await takeLock(takeover, attempt)) !== 'string') {
      await sleep(takeoverPauseMs);
      continue;
    }
    try {
      if ((await readLock(path))?.text !== seen.text) continue;
      await replace(path, attempt);
      return 'replaced';
    } finally {
      await rm(takeover, { force: true });
    }
  }
}

/** Removes attempts of processes that were killed during one. Only the holder of the lock may call it. */
export async function removeAttempts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const file = join(dirname(path), name);
    const pid = /^(\d+)-[0-9a-f-]{36}(?:\.new)?$/.exec(name.slice(prefix.length))?.[1];
    const takeover = /^[0-9a-f]{16}$/.test(name.slice(prefix.length));
    const gone =
      pid === undefined
        ? takeover && (await holderOf((await readLock(file)) ?? { text: '', uid: null })) === null
        : identityOf(Number(pid)) === null;
    if (gone) await rm(file, { force: true }).catch(() => undefined);
  }
}
