import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Holder, holderOf, type LockOwner, readLock } from './lock/holder.ts';
import { removeAttempts, takeLock, writeAttempt } from './lock/take.ts';
import { ownIdentity } from './process-identity.ts';
import { openRuntimeDirectory, runtimeDirectory } from './run-registry.ts';
import { isRoot } from './state-directory.ts';

export type { LockOwner } from './lock/holder.ts';

/** Lock file of users without root: every user may create a file there. */
const sharedLock = '/var/tmp/ocibench.lock';

/** This user's lock, and the other locks that count. `OCIBENCH_LOCK` replaces all of them by one. */
function hostLocks(): readonly [own: string, ...others: string[]] {
  const chosen = process.env.OCIBENCH_LOCK;
  if (chosen) return [chosen];
  const roots = join(runtimeDirectory, 'lock');
  return isRoot() ? [roots, sharedLock] : [sharedLock, roots];
}

/** The exclusive right to measure on this host, until it is disposed of or its process ends. */
export interface HostLock extends AsyncDisposable {
  readonly kind: 'held';
  readonly owner: LockOwner;
  /** Path of the stale lock that was replaced; else null. */
  readonly tookOver: string | null;
}

/** Another process measures. */
export interface HostBusy {
  readonly kind: 'busy';
  readonly by: LockOwner;
  readonly file: string;
  /** Is `by.pid` verified to be that process? Only then may a message suggest to signal it. */
  readonly verified: boolean;
}

/** The holder of another lock than this user's. */
async function holderBeside(others: readonly string[]): Promise<(Holder & { readonly file: string }) | null> {
  for (const file of others) {
    const found = await readLock(file);
    const holder = found === null ? null : await holderOf(found);
    if (holder !== null) return { ...holder, file };
  }
  return null;
}

/**
 * Locks this host, or returns the holder. A lock is stale where its process has ended, has another start time, or is of
 * another boot. If two users lock at once, both may be refused, but never do both measure.
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
    const taken = await takeLock(path, attempt);
    if (typeof taken !== 'string') return { kind: 'busy', file: path, ...taken };
    if (taken === 'replaced') tookOver = path;
  } finally {
    // The next holder removes what remains of it.
    await rm(attempt, { force: true }).catch(() => undefined);
  }
  const release = async () => {
    if ((await readLock(path))?.text === text) await rm(path, { force: true });
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

/** Who measures on this host now; null: no process. */
export async function hostLockOwner(...chosen: string[]): Promise<LockOwner | null> {
  return (await holderBeside(chosen.length > 0 ? chosen : hostLocks()))?.by ?? null;
}
