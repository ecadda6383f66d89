import { join } from 'node:path';
import { type ForeignLock, type LockOwner, lockFree, lockHolder } from './lock/file.ts';
import { removeAttempts, takeLock } from './lock/take.ts';
import { ownIdentity } from './process-identity.ts';
import { openRuntimeDirectory, runtimeDirectory } from './run-registry.ts';
import { isRoot } from './state-directory.ts';

export type { LockOwner } from './lock/file.ts';

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
  /** Path of the lock of a dead process that was replaced; else null. */
  readonly tookOver: string | null;
}

/** The host's lock, held by another process that measures. */
export interface BusyHost extends ForeignLock {
  readonly kind: 'busy';
  /** Resolves once nobody holds that lock, or when `signal` is aborted. */
  ended(signal: AbortSignal): Promise<void>;
}

function busy(holder: ForeignLock): BusyHost {
  return { kind: 'busy', ...holder, ended: (signal) => lockFree(holder.file, signal) };
}

/** The first of these locks that a process holds. */
async function firstHeld(paths: readonly string[]): Promise<ForeignLock | null> {
  for (const path of paths) {
    const holder = await lockHolder(path);
    if (holder !== null) return holder;
  }
  return null;
}

/**
 * Locks this host, or returns the holder. The kernel keeps the lock (flock(2)) and releases it when its process ends, in any
 * way and in any container. If two users lock at the same time, both may be refused, but they never both measure.
 */
export async function lockHost(
  claim: Pick<LockOwner, 'command' | 'runId'>,
  ...chosen: string[]
): Promise<HostLock | BusyHost> {
  const [path = '', ...others] = chosen.length > 0 ? chosen : hostLocks();
  await openRuntimeDirectory();
  const owner: LockOwner = { ...ownIdentity(), ...claim, since: new Date().toISOString() };
  const taken = await takeLock(path, owner);
  if (!('release' in taken)) return busy(taken);
  try {
    const beside = await firstHeld(others);
    if (beside !== null) {
      await taken.release();
      return busy(beside);
    }
    await removeAttempts(path);
  } catch (error) {
    await taken.release();
    throw error;
  }
  const tookOver = taken.replaced ? path : null;
  return { kind: 'held', owner, tookOver, [Symbol.asyncDispose]: taken.release };
}
