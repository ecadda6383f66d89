import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { notices, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { diskError } from '../model/disk-error.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { type Myself, myself, type Ownership, otherHand } from './ownership.ts';
import { notRegular } from './plain-file.ts';

const text = notices('place', {
  others: 'as root, nothing is written where another user can change it',
  link: 'nothing is written through this link',
  linkOfUser: '{path} is a symbolic link of user {uid}',
  isLink: '{path} is a symbolic link',
  links: '{path} leads through more than {n} symbolic links',
  otherName: '{path} has another name elsewhere, and other users may make names here',
});
const why = reasons('place', {
  exchangeable: {
    message: '{found}',
    fix: 'name another place, or run this as that user (with sudo, that user counts as you)',
  },
  foreignLink: { message: '{found}', fix: 'remove it, or name another place' },
});

/** How a path is walked. */
export interface WalkOptions {
  /** As whom it is judged; this process where absent. */
  readonly me?: Myself;
  /**
   * The part of the path that the user named. Links of the user's own are followed in it; below it, where names are
   * ocibench's own, none is: it came with a directory of somebody else's. Absent: all of the path.
   */
  readonly named?: string;
}

/**
 * A directory that is held open. What is written through it is written there, also when its path leads elsewhere by
 * then.
 */
export interface HeldDirectory extends Disposable {
  /** As it was named. */
  readonly path: string;
  /** May other users put names into it, as into /tmp? Then nothing is appended to a file that has another name, too. */
  readonly isShared: boolean;
  /** Path of one name in it, for calls of node:fs in this process. */
  at(name: string): string;
  /** Opens a regular file for appending and reading; makes it where it is missing. Returns a descriptor to close. */
  openToAppend(name: string): number;
  /** Its names are on the disk on return. */
  sync(): void;
}

/** What the kernel follows at most (path_resolution(7)). */
const maxLinks = 40;

/** O_PATH of Linux, which Node does not name: a directory that may be searched need not be readable. */
const searched = 0o10000000;
const { O_APPEND, O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

const sticky = 0o1000;
const othersMayWrite = 0o022;

/** Why a path is refused. */
class Refusal extends Error {
  readonly found: Message;
  readonly isLink: boolean;
  constructor(found: Message, isLink: boolean) {
    super(found.text);
    this.found = found;
    this.isLink = isLink;
  }
}

function isOwn(uid: number, me: Myself): boolean {
  return uid === 0 || uid === me.uid || uid === me.sudoUid;
}

/** May others make names in this directory, and only change their own (inode(7))? */
function isSharedBySticky({ mode }: Ownership): boolean {
  return (mode & sticky) !== 0 && (mode & othersMayWrite) !== 0;
}

/** Whose hand could exchange what is in a directory. It is root's concern: what another user does with its own rights is harmless. */
function judgeDirectory(path: string, found: Ownership, me: Myself): void {
  if (me.uid !== 0) return;
  const mode = isSharedBySticky(found) ? found.mode & ~othersMayWrite : found.mode;
  const hand = otherHand(path, { uid: found.uid, gid: found.gid, mode }, me);
  if (hand !== null) throw new Refusal(hand, false);
}

/** What is appended to a file goes wherever the file has a name: in a shared directory another user could have made it one. */
function judgeFile(
  path: string,
  found: Ownership & { readonly nlink: number },
  isShared: boolean,
  me: Myself,
): void {
  if (me.uid !== 0) return;
  const hand = otherHand(path, found, me);
  if (hand !== null) throw new Refusal(hand, false);
  if (isShared && found.nlink > 1) throw new Refusal(text.otherName({ path }), false);
}

/** Root follows no link of another user; nobody one that a third user put into a directory as /tmp (fs.protected_symlinks). */
function judgeLink(path: string, { uid }: Ownership, directory: Ownership, me: Myself): void {
  if (isOwn(uid, me) || (me.uid !== 0 && !(isSharedBySticky(directory) && uid !== directory.uid))) return;
  throw new Refusal(text.linkOfUser({ path, uid: String(uid) }), me.uid !== 0);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function searchable(path: string): number {
  return openSync(path, searched | O_DIRECTORY | O_NOFOLLOW);
}

function syncNames(fd: number): void {
  // A directory that is only searched cannot be synced.
  const readable = openSync(`/proc/self/fd/${fd}/.`, O_RDONLY | O_DIRECTORY);
  try {
    fsyncSync(readable);
  } finally {
    closeSync(readable);
  }
}

interface Component {
  readonly name: string;
  /** Is a link followed here? */
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
 * Walks a path as the kernel does, with each link's target in turn, and judges every directory and link on the way: each
 * is opened relative to the one before it, so that what was judged is what is walked. Returns the last directory's descriptor; null
 * where a part is missing and is not to be made. Throws Refusal, or the error of the kernel.
 */
function walk(path: string, { me = myself(), named }: WalkOptions, make: boolean): number | null {
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
        if (!isNamed) throw new Refusal(text.isLink({ path: shown }), true);
        judgeLink(shown, found, fstatSync(fd), me);
        if (++links > maxLinks) throw new Refusal(text.links({ path, n: maxLinks }), true);
        const target = readlinkSync(inside);
        if (target.startsWith('/')) enter(searchable('/'), '/');
        const parts = target.split('/').filter(Boolean);
        pending.push(...parts.map((part) => ({ name: part, isNamed: true })).toReversed());
      } else {
        // A file is judged, too, before the kernel says that it is no directory.
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

function makeIn(fd: number, name: string, { uid }: Myself): void {
  try {
    // Whatever the umask is, what root makes is not for others to write.
    mkdirSync(`/proc/self/fd/${fd}/${name}`, { mode: uid === 0 ? 0o755 : 0o777 });
    syncNames(fd);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** What the user is told of a refusal; any other error as it is. */
function refusalOf(path: string, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { found, isLink } = error;
  return new OcibenchError(isLink ? text.link : text.others, {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file: path, key: '' }, (isLink ? why.foreignLink : why.exchangeable)({ found }))],
  });
}

/**
 * Why a process of this user does not trust this path, of a directory or a file: who could exchange which part of it. null
 * where only this user (and root) can, or where a part is missing that this user would make. Makes nothing.
 */
export function whyNotOwn(path: string, options: WalkOptions = {}): Message | null {
  try {
    const fd = walk(path, options, false);
    if (fd !== null) closeSync(fd);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.found;
    // What the kernel refuses, it refuses again when it is written.
    if (codeOf(error) !== undefined) return null;
    throw error;
  }
}

/** OcibenchError (exit 2) where {@link whyNotOwn} has an answer for one of these paths. */
export function refuseNotOwn(paths: readonly string[], options: WalkOptions = {}): void {
  for (const path of paths)
    try {
      holdIfThere(path, options)?.[Symbol.dispose]();
    } catch (error) {
      throw diskError(path, error);
    }
}

/**
 * Opens a directory to write in it, and makes it where it is missing, with its parents, on the disk on return. OcibenchError
 * (exit 2) where another user could exchange a part of the path under root; the kernel's error where it refuses it.
 */
export function holdDirectory(path: string, options: WalkOptions = {}): HeldDirectory {
  return held(path, walked(path, options, true) ?? -1, options);
}

/** The same for a directory that is there; null where it is not. */
export function holdIfThere(path: string, options: WalkOptions = {}): HeldDirectory | null {
  const fd = walked(path, options, false);
  return fd === null ? null : held(path, fd, options);
}

function walked(path: string, options: WalkOptions, make: boolean): number | null {
  try {
    return walk(path, options, make);
  } catch (error) {
    throw refusalOf(path, error);
  }
}

function held(path: string, fd: number, { me = myself() }: WalkOptions): HeldDirectory {
  const isShared = isSharedBySticky(fstatSync(fd));
  const at = (name: string) => {
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new Error(`not one name: ${name}`);
    return `/proc/self/fd/${fd}/${name}`;
  };
  return {
    ...{ path, isShared, at },
    openToAppend(name) {
      const flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
      const shown = join(path, name);
      let file: number | null = null;
      try {
        file = openSync(at(name), flags, me.uid === 0 ? 0o644 : 0o666);
        const found = fstatSync(file);
        if (!found.isFile()) throw notRegular(shown);
        judgeFile(shown, found, isShared, me);
        return file;
      } catch (error) {
        if (file !== null) closeSync(file);
        throw refusalOf(
          shown,
          codeOf(error) === 'ELOOP' ? new Refusal(text.isLink({ path: shown }), true) : error,
        );
      }
    },
    sync: () => syncNames(fd),
    [Symbol.dispose]: () => closeSync(fd),
  };
}
