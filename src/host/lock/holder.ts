import { lstat } from 'node:fs/promises';
import * as z from 'zod';
import { isOcibenchOf } from '../own-processes.ts';
import { readPrivateFile } from '../private-file.ts';
import { livenessOf, ownIdentity, processIdentitySchema } from '../process-identity.ts';

const ownerSchema = processIdentitySchema.extend({
  /** For example `ocibench run`. */
  command: z.string().max(100),
  runId: z.string().max(100),
  /** ISO 8601, for display. */
  since: z.string().max(40),
});
/** Who measures on this host. The content of another user's file is untrusted. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>;

/** A lock as read. Anything else in its place has no text. */
export interface LockFile {
  readonly text: string;
  readonly uid: number | null;
}

/** Reads a lock; null where there is none. */
export async function readLock(path: string): Promise<LockFile | null> {
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

/** Who holds a lock. */
export interface Holder {
  readonly by: LockOwner;
  /** Is `by.pid` verified to be that process? */
  readonly verified: boolean;
}

/**
 * The holder of a lock: the process that it names, if it runs, is ocibench and belongs to the file's owner. A process
 * in another PID namespace cannot be seen, and is trusted where the file is root's or this user's. Locks are never
 * partly written, so any other text is damage.
 */
export async function holderOf({ text, uid }: LockFile): Promise<Holder | null> {
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
