import { stat } from 'node:fs/promises';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const text = notices('file', {
  otherUser: '{path} belongs to user {uid}',
  everyUser: '{path} can be written by every user',
  group: '{path} can be written by group {gid}',
});

/** Whose files this process may take for its user's own. */
export interface Myself {
  readonly uid: number;
  /** The user who became root by sudo(8), whose files are as good as root's; null where there is none. */
  readonly sudoUid: number | null;
}

/** Who a file belongs to and who may write it (stat(2)). */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** The user of this process. `SUDO_UID` counts for root alone: anybody else's environment is no witness. */
export function myself(): Myself {
  const uid = process.geteuid?.() ?? 0;
  const sudo = process.env.SUDO_UID ?? '';
  return { uid, sudoUid: uid === 0 && /^\d{1,10}$/.test(sudo) ? Number(sudo) : null };
}

/**
 * Who else could have made a file what it is, as a sentence; null where only root and this user can. A group that is a user's own (its number
 * is the user's, as pam_umask(8) tells it) is nobody else.
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

/** {@link otherHand} of the first of these paths that has one; null where none has. Links are followed. */
export async function otherHandIn(paths: readonly string[]): Promise<Message | null> {
  for (const path of paths) {
    const found = otherHand(path, await stat(path), myself());
    if (found !== null) return found;
  }
  return null;
}
