import { stat } from 'node:fs/promises';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const text = notices('file', {
  otherUser: '{path} belongs to user {uid}',
  everyUser: '{path} can be written by every user',
  group: '{path} can be written by group {gid}',
});

/** Whose files this process may treat as its user's own. */
export interface Myself {
  readonly uid: number;
  /** The user who became root by sudo(8), whose files are trusted like root's; null where there is none. */
  readonly sudoUid: number | null;
}

/** Owner and permissions of a file (stat(2)). */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** The user of this process. `SUDO_UID` counts for root alone: the environment of another user proves nothing. */
export function myself(): Myself {
  const uid = process.geteuid?.() ?? 0;
  const sudo = process.env.SUDO_UID ?? '';
  return { uid, sudoUid: uid === 0 && /^\d{1,10}$/.test(sudo) ? Number(sudo) : null };
}

/**
 * Names, as a sentence, another user who could have changed a file; null where only root and this user can. A user's
 * private group, whose number is the user's (pam_umask(8)), counts as this user.
 */
export function otherHand(
  path: string,
  { uid, gid, mode }: Ownership,
  { uid: me, sudoUid }: Myself,
): Message | null {
  if (uid !== 0 && uid !== me && uid !== sudoUid) return text.otherUser({ path, uid: String(uid) });
  if ((mode & 0o002) !== 0) return text.everyUser({ path });
  const privateGroup = uid !== 0 && gid === uid;
  return (mode & 0o020) !== 0 && !privateGroup ? text.group({ path, gid: String(gid) }) : null;
}

/** {@link otherHand} of the first of these paths that has one; null where none has. Follows links. */
export async function otherHandIn(paths: readonly string[], me = myself()): Promise<Message | null> {
  for (const path of paths) {
    const found = otherHand(path, await stat(path), me);
    if (found !== null) return found;
  }
  return null;
}
