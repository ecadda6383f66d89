import { createHash, randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { isOcibenchOf } from './own-processes.ts';
import { readPrivateFile } from './private-file.ts';
import { identityOf, livenessOf, ownIdentity, processIdentitySchema } from './process-identity.ts';
import { openRuntimeDirectory, runtimeDirectory } from './run-registry.ts';
import { isRoot } from './state-directory.ts';

/** Where users without root say that they measure: every user may make a file there. */
const sharedLock = '/var/tmp/ocibench.lock';

/** The lock of this user, and those of others that count too. `OCIBENCH_LOCK` names one for all instead. */
export function hostLocks(): readonly [own: string, ...others: string[]] {
  const chosen = process.env.OCIBENCH_LOCK;
  if (chosen) return [chosen];
  const roots = join(runtimeDirectory, 'lock');
  return isRoot() ? [roots, sharedLock] : [sharedLock, roots];
}

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
  /** The file of the lock where a process that is gone had left it; else null. */
  readonly tookOver: string | null;
}

/** Somebody else measures. */
export interface HostBusy {
  readonly kind: 'busy';
  readonly by: LockOwner;
  readonly file: string;
  /** Is `by.pid` that process, seen from here? Only then may anybody be advised to send it a signal. */
  readonly verified: boolean;
}

/** A lock as it was read. Somebody may have put something else in its place, which has no text. */
interface LockFile {
  readonly text: string;
  readonly uid: number | null;
}

/** null where there is none. */
async function read(path: string): Promise<LockFile | null> {
  const file = await readPrivateFile(path);
  if (file !== null) return file;
  try {
    await lstat(path);
    return { text: '', uid: null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

interface Holder {
  readonly by: LockOwner;
  readonly verified: boolean;
}

/**
 * Who holds a lock: the process that it names, if it runs, is ocibench and belongs to whom the file belongs to. One in another
 * PID namespace cannot be seen, and is believed where the file is root's or this user's. A lock is never seen half
 * written, so that any other text is damage.
 */
async function holderOf({ text, uid }: LockFile): Promise<Holder | null> {
  let by: LockOwner;
  try {
    by = ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
  const liveness = livenessOf(by);
  if (uid === null || liveness === 'gone') return null;
  if (liveness === 'unknown') return uid === 0 || uid === process.getuid?.() ? { by, verified: false } : null;
  const here = by.pidNamespace === undefined || by.pidNamespace === ownIdentity().pidNamespace;
  if (!here) return { by, verified: false };
  const verified = by.pid === process.pid || (await isOcibenchOf(uid, by.pid));
  return verified ? { by, verified } : null;
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
 * Makes the file `attempt` the lock at `path`. Returns how, or who has it. A lock appears with its whole
 * content at once (`link`). A stale one is replaced by whoever holds the lock on doing just that: nobody else changes a
 * file whose owner is gone, so what was seen there is there still.
 */
async function take(path: string, attempt: string): Promise<Holder | 'made' | 'replaced'> {
  for (;;) {
    if (await isLinked(attempt, path)) return 'made';
    const seen = await read(path);
    if (seen === null) continue;
    const holder = await holderOf(seen);
    if (holder !== null) return holder;
    const takeover = takeoverPath(path, seen.text);
    if (typeof (await take(takeover, attempt)) !== 'string') {
      await sleep(takeoverPauseMs);
      continue;
    }
    try {
      if ((await read(path))?.text !== seen.text) continue;
      await replace(path, attempt);
      return 'replaced';
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
        ? takeover && (await holderOf((await read(file)) ?? { text: '', uid: null })) === null
        : identityOf(Number(pid)) === null;
    if (gone) await rm(file, { force: true }).catch(() => undefined);
  }
}

/** The holder of a lock of somebody else, beside this user's own. */
async function holderBeside(others: readonly string[]): Promise<(Holder & { readonly file: string }) | null> {
  for (const file of others) {
    const found = await read(file);
    const holder = found === null ? null : await holderOf(found);
    if (holder !== null) return { ...holder, file };
  }
  return null;
}

/**
 * Takes the lock of this host, or says who has it. A lock is stale where its process is gone, has another start time, or
 * is of another boot. Of two users who take theirs at once, both may be refused; never do both measure.
 */
export async function lockHost(
  claim: Pick<LockOwner, 'command' | 'runId'>,
  ...chosen: string[]
): Promise<HostLock | HostBusy> {
  const [path = '', ...others] = chosen.length > 0 ? chosen : hostLocks();
  await openRuntimeDirectory();
  const owner: LockOwner = { ...ownIdentity(), ...claim, since: new Date().toISOString() };
  const text = `${JSON.stringify(owner)}\n`;
  const attempt = `${path}.${process.pid}-${randomUUID()}`;
  await writeAttempt(attempt, text, path);
  let tookOver: string | null = null;
  try {
    const taken = await take(path, attempt);
    if (typeof taken !== 'string') return { kind: 'busy', file: path, ...taken };
    if (taken === 'replaced') tookOver = path;
  } finally {
    // What stays of it is removed by the next holder.
    await rm(attempt, { force: true }).catch(() => undefined);
  }
  const release = async () => {
    if ((await read(path))?.text === text) await rm(path, { force: true });
  };
  try {
    const beside = await holderBeside(others);
    if (beside !== null) {
      await release();
      return { kind: 'busy', ...beside };
    }
    await removeAttempts(path);
  } catch (error) {
    await release();
    throw error;
  }
  return { kind: 'held', owner, tookOver, [Symbol.asyncDispose]: release };
}

/** Who measures on this host now; null where nobody does. */
export async function hostLockOwner(...chosen: string[]): Promise<LockOwner | null> {
  return (await holderBeside(chosen.length > 0 ? chosen : hostLocks()))?.by ?? null;
}
