import { createHash, randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { identityOf, isRunning, ownIdentity, processIdentitySchema } from './process-identity.ts';

/** Where every user of this host may make a file, and what a reboot leaves is recognised. */
export const hostLockPath = process.env.OCIBENCH_LOCK ?? '/var/tmp/ocibench.lock';

/** How long another may take to take a stale lock over before it is looked again, ms. */
const takeoverPauseMs = 5;

const ownerSchema = processIdentitySchema.extend({
  /** `ocibench run`. */
  command: z.string().max(100),
  runId: z.string().max(100),
  /** ISO 8601, for people. */
  since: z.string().max(40),
});
/** Who measures on this host. What another user's file says is untrusted. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>;

/** The right to measure on this host, until it is disposed of or its process is gone. */
export interface HostLock extends AsyncDisposable {
  readonly kind: 'held';
  readonly owner: LockOwner;
}

/** Somebody else measures. */
export interface HostBusy {
  readonly kind: 'busy';
  readonly by: LockOwner;
}

/** No lock is longer, bytes. */
const longestLock = 4096;

/** The text of a lock; null where there is none, empty where another user put something else in its place. */
async function textOf(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.size <= longestLock ? await readFile(path, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The owner that a lock names, where its process runs. A lock is never seen half written, so any other text is damage. */
function livingOwner(text: string): LockOwner | null {
  try {
    const owner = ownerSchema.parse(JSON.parse(text));
    return isRunning(owner) ? owner : null;
  } catch {
    return null;
  }
}

/** Writes the file that is to become the lock at `path`. OcibenchError (exit 2) where that cannot be done. */
async function writeAttempt(attempt: string, text: string, path: string): Promise<void> {
  const handle = await open(attempt, 'wx', 0o644).catch((cause: NodeJS.ErrnoException) => {
    throw new OcibenchError('the lock of this host cannot be written', {
      exitCode: exitCodes.misuse,
      problems: [
        {
          file: dirname(path),
          key: basename(path),
          message: `cannot be made (${cause.code})`,
          fix: 'choose another place for it:  OCIBENCH_LOCK=FILE',
        },
      ],
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

/** The lock on taking over a lock that has this text: for each stale lock there is one, so that one alone replaces it. */
function takeoverPath(path: string, text: string): string {
  return `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

async function replace(path: string, attempt: string): Promise<void> {
  try {
    await link(attempt, `${attempt}.new`);
    await rename(`${attempt}.new`, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new OcibenchError(`${path} is the lock of a process that is gone, and cannot be removed`, {
      exitCode: exitCodes.busy,
      problems: [
        { file: path, key: '', message: `it belongs to another user (${code})`, fix: `sudo rm ${path}` },
      ],
      cause,
    });
  }
}

/**
 * Makes the file `attempt` the lock at `path`. Returns null when it is, or who has it. A lock appears with its whole
 * content at once (`link`). A stale one is replaced by whoever holds the lock on doing just that: nobody else changes a
 * file whose owner is gone, so what was seen there is there still.
 */
async function take(path: string, attempt: string): Promise<LockOwner | null> {
  for (;;) {
    if (await isLinked(attempt, path)) return null;
    const seen = await textOf(path);
    if (seen === null) continue;
    const by = livingOwner(seen);
    if (by !== null) return by;
    const takeover = takeoverPath(path, seen);
    if ((await take(takeover, attempt)) !== null) {
      await sleep(takeoverPauseMs);
      continue;
    }
    try {
      if ((await textOf(path)) !== seen) continue;
      await replace(path, attempt);
      return null;
    } finally {
      await rm(takeover, { force: true });
    }
  }
}

/** Removes what attempts left whose processes were killed in the midst of one. Only the holder of the lock may. */
async function removeAttempts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const file = join(dirname(path), name);
    const pid = /^(\d+)-[0-9a-f-]{36}(?:\.new)?$/.exec(name.slice(prefix.length))?.[1];
    const takeover = /^[0-9a-f]{16}$/.test(name.slice(prefix.length));
    const gone =
      pid === undefined
        ? takeover && livingOwner((await textOf(file)) ?? '') === null
        : identityOf(Number(pid)) === null;
    if (gone) await rm(file, { force: true }).catch(() => undefined);
  }
}

/**
 * Takes the lock of this host, or tells who has it. A lock is stale where its process is gone, has another start time, or
 * is of another boot.
 */
export async function lockHost(
  claim: Pick<LockOwner, 'command' | 'runId'>,
  path = hostLockPath,
): Promise<HostLock | HostBusy> {
  const owner: LockOwner = { ...ownIdentity(), ...claim, since: new Date().toISOString() };
  const text = `${JSON.stringify(owner)}\n`;
  const attempt = `${path}.${process.pid}-${randomUUID()}`;
  await writeAttempt(attempt, text, path);
  try {
    const by = await take(path, attempt);
    if (by !== null) return { kind: 'busy', by };
  } finally {
    await rm(attempt, { force: true });
  }
  await removeAttempts(path);
  return {
    kind: 'held',
    owner,
    async [Symbol.asyncDispose]() {
      if ((await textOf(path)) === text) await rm(path, { force: true });
    },
  };
}

/** Who measures on this host now; null where nobody does. */
export async function hostLockOwner(path = hostLockPath): Promise<LockOwner | null> {
  const text = await textOf(path);
  return text === null ? null : livingOwner(text);
}

/** Removes the lock where its owner is gone. Returns the paths that were removed. */
export async function removeStaleLock(path = hostLockPath): Promise<readonly string[]> {
  const text = await textOf(path);
  if (text === null || livingOwner(text) !== null) return [];
  const lock = await lockHost({ command: 'ocibench clean', runId: '' }, path);
  if (lock.kind === 'busy') return [];
  await lock[Symbol.asyncDispose]();
  return [path];
}
