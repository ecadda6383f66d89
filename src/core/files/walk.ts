import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const ownershipText = notices('file', {
  otherUser: '{path} belongs to user {uid}',
  everyUser: '{path} can be written by every user',
  group: '{path} can be written by group {gid}',
});

/** Users whose files this process may trust. */
export interface CurrentUser {
  readonly uid: number;
  /** The user who became root by sudo(8), whose files are trusted like root's; null where there is none. */
  readonly sudoUid: number | null;
  /** That user's group; absent: the number of the user. */
  readonly sudoGid?: number;
}

/** Owner and permissions of a file (stat(2)). */
interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** A user who gets what root made. */
type Heir = Pick<Ownership, 'uid' | 'gid'>;

/** The user of this process. `SUDO_UID` is used by root only: in the environment of another user it proves nothing. */
export function myself(): CurrentUser {
  const uid = process.geteuid?.() ?? 0;
  const [sudoUid, sudoGid] = [process.env.SUDO_UID, process.env.SUDO_GID].map((id = '') =>
    uid === 0 && /^\d{1,10}$/.test(id) ? Number(id) : null,
  );
  return { uid, sudoUid: sudoUid ?? null, ...(sudoUid == null || sudoGid == null ? {} : { sudoGid }) };
}

/**
 * Who gets what root makes in this directory: the user who typed sudo, where the directory is that user's; else null, for
 * root keeps it. So no file of root's own places changes hands. `inShared`: also in a sticky directory such as /tmp.
 */
export function findHeir(
  directory: Ownership,
  { uid, sudoUid, sudoGid }: CurrentUser,
  inShared = false,
): Heir | null {
  if (uid !== 0 || sudoUid === null || sudoUid === 0) return null;
  const isTheirs = directory.uid === sudoUid || (inShared && isSharedBySticky(directory));
  return isTheirs ? { uid: sudoUid, gid: sudoGid ?? sudoUid } : null;
}

/**
 * Names, as a sentence, another user who could have changed a file; null where only root and this user can. A user's
 * private group, whose number is the user's (pam_umask(8)), counts as this user.
 */
export function otherHand(
  path: string,
  { uid, gid, mode }: Ownership,
  { uid: me, sudoUid }: CurrentUser,
): Message | null {
  if (uid !== 0 && uid !== me && uid !== sudoUid) return ownershipText.otherUser({ path, uid: String(uid) });
  if ((mode & 0o002) !== 0) return ownershipText.everyUser({ path });
  const privateGroup = uid !== 0 && gid === uid;
  return (mode & 0o020) !== 0 && !privateGroup ? ownershipText.group({ path, gid: String(gid) }) : null;
}

/** The first result of {@link otherHand} for these paths; null where there is none. Follows links. */
export async function otherHandIn(paths: readonly string[], me = myself()): Promise<Message | null> {
  for (const path of paths) {
    const found = otherHand(path, await stat(path), me);
    if (found !== null) return found;
  }
  return null;
}

const text = notices('place', {
  linkOfUser: '{path} is a symbolic link of user {uid}',
  isLink: '{path} is a symbolic link',
  links: '{path} leads through more than {n} symbolic links',
  otherName: '{path} has another hard link, and other users may create files here',
});

/** Options for walking a path. */
export interface WalkOptions {
  /** The user for whom the path is judged; absent: the user of this process. */
  readonly me?: CurrentUser;
  /**
   * The part of the path that the user named. In it, the user's own links are followed. Below it, names are ocibench's
   * own and no link is followed: it would come from a directory of somebody else. Absent: the whole path.
   */
  readonly named?: string;
}

/** Maximum number of links that the kernel follows (path_resolution(7)). */
const maxLinks = 40;

/** O_PATH of Linux, which Node does not name. It opens a directory that may be searched but not read. */
export const pathOnly = 0o10000000;
const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

const sticky = 0o1000;
const othersMayWrite = 0o022;

/** Why a path is refused. */
export class Refusal extends Error {
  readonly found: Message;
  readonly isLink: boolean;
  constructor(found: Message, isLink: boolean) {
    super(found.text);
    this.found = found;
    this.isLink = isLink;
  }
}

/** The refusal of a link where none is followed. */
export function linkRefusal(path: string): Refusal {
  return new Refusal(text.isLink({ path }), true);
}

function isOwn(uid: number, me: CurrentUser): boolean {
  return uid === 0 || uid === me.uid || uid === me.sudoUid;
}

/** May others create names in this directory and change only their own (sticky bit, inode(7))? */
export function isSharedBySticky({ mode }: Ownership): boolean {
  return (mode & sticky) !== 0 && (mode & othersMayWrite) !== 0;
}

/**
 * Refuses a directory in which another user could exchange names. Checked for root only: a process of another user has
 * no rights beyond that user's own.
 */
function judgeDirectory(path: string, found: Ownership, me: CurrentUser): void {
  if (me.uid !== 0) return;
  const mode = isSharedBySticky(found) ? found.mode & ~othersMayWrite : found.mode;
  const hand = otherHand(path, { uid: found.uid, gid: found.gid, mode }, me);
  if (hand !== null) throw new Refusal(hand, false);
}

/**
 * Refuses a file with a second name in a shared directory: another user could have linked a file of this user there,
 * and appended data would go into it.
 */
export function judgeFile(
  path: string,
  found: Ownership & { readonly nlink: number },
  isShared: boolean,
  me: CurrentUser,
): void {
  if (me.uid !== 0) return;
  const hand = otherHand(path, found, me);
  if (hand !== null) throw new Refusal(hand, false);
  if (isShared && found.nlink > 1) throw new Refusal(text.otherName({ path }), false);
}

/**
 * Refuses links. Root follows no link of another user; other users follow no link that a third user put into a shared
 * directory such as /tmp (fs.protected_symlinks).
 */
function judgeLink(path: string, { uid }: Ownership, directory: Ownership, me: CurrentUser): void {
  if (isOwn(uid, me) || (me.uid !== 0 && !(isSharedBySticky(directory) && uid !== directory.uid))) return;
  throw new Refusal(text.linkOfUser({ path, uid: String(uid) }), me.uid !== 0);
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function searchable(path: string): number {
  return openSync(path, pathOnly | O_DIRECTORY | O_NOFOLLOW);
}

export function syncNames(fd: number): void {
  // An O_PATH descriptor cannot be synced.
  const readable = openSync(`/proc/self/fd/${fd}/.`, O_RDONLY | O_DIRECTORY);
  try {
    fsyncSync(readable);
  } finally {
    closeSync(readable);
  }
}

interface Component {
  readonly name: string;
  /** True if a link is followed here. */
  readonly isNamed: boolean;
}

function componentsOf(path: string, named = path): Component[] {
  const whole = path.startsWith('/') ? path : `${process.cwd()}/${path}`;
  const upTo = (named.startsWith('/') ? named : `${process.cwd()}/${named}`)
    .split('/')
    .filter(Boolean).length;
  return whole
    .split('/')
    .filter(Boolean)
    .map((name, at) => ({ name, isNamed: at < upTo }));
}

/**
 * Walks a path as the kernel does, including the targets of links, and judges every directory and link on the way. Each
 * is opened relative to the one before it, so that the judged path is the one that is walked. Returns the descriptor of
 * the last directory; null where a part is missing and must not be created. Throws Refusal, or the error of the kernel.
 */
export function walk(path: string, { me = myself(), named }: WalkOptions, make: boolean): number | null {
  const pending = componentsOf(path, named).toReversed();
  let fd = searchable('/');
  let at = '/';
  let links = 0;
  const enter = (next: number, name: string) => {
    closeSync(fd);
    fd = next;
    at = name;
  };
  try {
    judgeDirectory(at, fstatSync(fd), me);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { name, isNamed } = next;
      if (name === '.') continue;
      const [inside, shown] = [`/proc/self/fd/${fd}/${name}`, join(at, name)];
      const found = name === '..' ? null : lstatSync(inside, { throwIfNoEntry: false });
      if (found === undefined) {
        if (!make) {
          closeSync(fd);
          return null;
        }
        makeIn(fd, name, me);
        pending.push(next);
      } else if (found?.isSymbolicLink()) {
        if (!isNamed) throw linkRefusal(shown);
        judgeLink(shown, found, fstatSync(fd), me);
        if (++links > maxLinks) throw new Refusal(text.links({ path, n: maxLinks }), true);
        const target = readlinkSync(inside);
        if (target.startsWith('/')) enter(searchable('/'), '/');
        const parts = target.split('/').filter(Boolean);
        pending.push(...parts.map((part) => ({ name: part, isNamed: true })).toReversed());
      } else {
        // A file is judged too, before the kernel reports that it is not a directory.
        if (found?.isFile() && pending.length === 0) judgeFile(shown, found, false, me);
        enter(searchable(inside), shown);
        judgeDirectory(at, fstatSync(fd), me);
      }
    }
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function makeIn(fd: number, name: string, me: CurrentUser): void {
  const path = `/proc/self/fd/${fd}/${name}`;
  try {
    // Directories that root creates are not writable for others, whatever the umask is.
    mkdirSync(path, { mode: me.uid === 0 ? 0o755 : 0o777 });
    const heir = findHeir(fstatSync(fd), me, true);
    if (heir !== null) bequeath(path, heir);
    syncNames(fd);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Gives a new directory to a user, who may have exchanged it meanwhile: only an empty one of root changes hands. */
function bequeath(path: string, heir: Heir): void {
  const made = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const isNew = fstatSync(made).uid === 0 && readdirSync(`/proc/self/fd/${made}/.`).length === 0;
    if (isNew) giveTo(heir, made);
  } finally {
    closeSync(made);
  }
}

/** Gives what is open to a user. File systems without owners, such as FAT, refuse it, and show their user as the owner. */
export function giveTo({ uid, gid }: Heir, fd: number): void {
  try {
    // Unlike fchown(2), this works for a descriptor of O_PATH, which may be of a symbolic link.
    chownSync(`/proc/self/fd/${fd}`, uid, gid);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
  }
}
