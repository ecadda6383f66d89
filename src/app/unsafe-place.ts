import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { otherHandInPresent } from '../files/ownership.ts';
import { isRoot } from '../host/state-directory.ts';
import type { Message } from '../messages/message.ts';

/** Why nothing is written to a place: `path` is a link, or somebody else could exchange what is in it (`who`). */
export interface UnsafePlace {
  readonly path: string;
  /** null: it is a link. */
  readonly who: Message | null;
}

/**
 * Are directories that are about to be written to our own? Nothing is written through a link, and as root nothing where another
 * user can exchange what is written. `own`: the place first, then what is in it. null where all is well.
 */
export async function unsafePlace(own: readonly [string, ...string[]]): Promise<UnsafePlace | null> {
  for (const path of own)
    if ((await lstat(path).catch(() => null))?.isSymbolicLink()) return { path, who: null };
  const who = isRoot() ? await otherHandInPresent([dirname(own[0]), ...own]) : null;
  return who === null ? null : { path: own[0], who };
}
