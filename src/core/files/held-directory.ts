import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { notices, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { refusal } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';
import { notRegular } from './plain-file.ts';
import {
  codeOf,
  findHeir,
  giveTo,
  isSharedBySticky,
  judgeFile,
  linkRefusal,
  myself,
  Refusal,
  syncNames,
  type WalkOptions,
  walk,
} from './walk.ts';

const text = notices('place', {
  others: 'as root, nothing is written where another user can change it',
  link: 'nothing is written through this link',
});
const why = reasons('place', {
  exchangeable: {
    message: '{found}',
    fix: 'name another place, or run this as that user (with sudo, that user counts as you)',
  },
  foreignLink: { message: '{found}', fix: 'remove it, or name another place' },
});

/** A directory that is held open. Files are written into this directory even if its path leads elsewhere by then. */
export interface HeldDirectory extends Disposable {
  /** Path as the user named it. */
  readonly path: string;
  /** May other users create names in it, as in /tmp? Then nothing is appended to a file that has a second name (hard link). */
  readonly isShared: boolean;
  /** Path of the directory itself, for calls of node:fs in this process. */
  readonly here: string;
  /** Permission bits of a new file, before the umask. */
  readonly fileMode: number;
  /** Gives a new file, or a new symbolic link opened by O_PATH, to the user who typed sudo, if this directory is that user's. */
  give(file: number): void;
  /** Path of a name in it, of the same kind as {@link here}. */
  at(name: string): string;
  /**
   * Opens a regular file for appending and reading; creates it where it is missing. Returns a descriptor that the
   * caller closes.
   */
  openToAppend(name: string): number;
  /** Syncs the directory: its names are on the disk on return. */
  sync(): void;
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/** The error that explains a refusal to the user; any other error unchanged. */
function refusalOf(path: string, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { found, isLink } = error;
  return refusal(
    isLink ? text.link : text.others,
    path,
    (isLink ? why.foreignLink : why.exchangeable)({ found }),
  );
}

/**
 * Why a process of this user does not trust the path of a directory or file: another user could exchange a part of it.
 * null where only this user and root can, or where a part is missing that this user would create. Creates nothing.
 */
export function whyNotOwn(path: string, options: WalkOptions = {}): Message | null {
  try {
    const fd = walk(path, options, false);
    if (fd !== null) closeSync(fd);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.found;
    // The kernel will refuse it again when it is written.
    if (codeOf(error) !== undefined) return null;
    throw error;
  }
}

/** OcibenchError (exit 2) if {@link whyNotOwn} has a reason for one of these paths. */
export function refuseNotOwn(paths: readonly string[], options: WalkOptions = {}): void {
  for (const path of paths)
    try {
      holdIfThere(path, options)?.[Symbol.dispose]();
    } catch (error) {
      throw diskError(path, error);
    }
}

/**
 * Opens a directory for writing files in it. Creates it where it is missing, with its parents; these are on the disk on
 * return. OcibenchError (exit 2) where, under root, another user could exchange a part of the path; the kernel's error
 * where it refuses the path.
 */
export function holdDirectory(path: string, options: WalkOptions = {}): HeldDirectory {
  return held(path, walked(path, options, true) ?? -1, options);
}

/** {@link holdDirectory} for an existing directory; null where it does not exist. */
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
  const itself = fstatSync(fd);
  const isShared = isSharedBySticky(itself);
  const heir = findHeir(itself, me);
  const fileMode = me.uid === 0 ? 0o644 : 0o666;
  const give = (file: number) => {
    if (heir !== null) giveTo(heir, file);
  };
  const at = (name: string) => {
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new Error(`not one name: ${name}`);
    return `/proc/self/fd/${fd}/${name}`;
  };
  const openedNew = (name: string, flags: number): number | null => {
    try {
      return openSync(at(name), flags | O_EXCL, fileMode);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return null;
      throw error;
    }
  };
  return {
    path,
    isShared,
    fileMode,
    at,
    here: `/proc/self/fd/${fd}/.`,
    give,
    openToAppend(name) {
      const flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
      const shown = join(path, name);
      let file: number | null = null;
      try {
        const made = openedNew(name, flags);
        file = made ?? openSync(at(name), flags, fileMode);
        if (made !== null) give(made);
        const found = fstatSync(file);
        if (!found.isFile()) throw notRegular(shown);
        judgeFile(shown, found, isShared, me);
        return file;
      } catch (error) {
        if (file !== null) closeSync(file);
        throw refusalOf(shown, codeOf(error) === 'ELOOP' ? linkRefusal(shown) : error);
      }
    },
    sync: () => syncNames(fd),
    [Symbol.dispose]: () => closeSync(fd),
  };
}
