import { lstat, mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { shellWord } from '../messages/command.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { refusal } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';

const words = messages('state', {
  unsafe: 'the state of a run cannot be kept safely',
  ofUser: '{path} belongs to user {uid}',
  writable: 'other users may write to {path}',
  findOwner:
    'find out whose it is, then:  chmod 700 {path}   or move it away; or choose another place with {choice}',
});
const text = reasons('state', {
  replaceable: {
    message: 'another user could replace it: {why}',
    fix: 'close that directory to others; or choose another place with {choice}',
  },
  missing: { message: 'it does not exist' },
  noParent: {
    message: 'it does not exist',
    fix: 'make it:  mkdir -p -m 700 {path}   or choose another place with {choice}',
  },
  notDirectory: { message: 'it is not a directory' },
  foreign: { message: 'it belongs to user {uid}' },
  open: { message: 'other users may use it (mode {mode})' },
});

/** How to choose another state directory, for messages. */
export const stateChoice = 'OCIBENCH_STATE=DIR';

const othersMayWrite = 0o022;
const sticky = 0o1000;
/**
 * Forbidden mode bits of a directory with runs: no access for other users. A group may traverse it (userns-remap), but
 * not list it.
 */
const closed = othersMayWrite | 0o007;

/** Is this process root? */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * This user's state directory: scratch directories, with the images and layers of the embedded engine. On disk, because
 * /run is memory. `OCIBENCH_STATE` names another parent directory; else
 * /var/lib/ocibench for root (file-hierarchy(7)), the XDG state directory for other users.
 */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.OCIBENCH_STATE;
  if (chosen) return join(resolve(chosen), 'ocibench-state');
  if (isRoot()) return '/var/lib/ocibench';
  const home = environment.XDG_STATE_HOME;
  return join(home && isAbsolute(home) ? home : join(homedir(), '.local/state'), 'ocibench');
}

/** Directory that holds one directory per run. */
export function runsDirectory(): string {
  return join(stateDirectory(), 'runs');
}

/** Directory into which directories are moved before they are removed. */
export function trashDirectory(): string {
  return join(stateDirectory(), 'trash');
}

/**
 * Why another user could replace this directory; null where only this user and root can. Only its owner can remove a
 * name in a sticky directory such as /var/tmp (inode(7)). `path` must exist.
 */
export async function whyUnsafe(path: string): Promise<Message | null> {
  const self = process.getuid?.() ?? 0;
  for (let each = await realpath(path); ; each = dirname(each)) {
    const { uid, mode } = await lstat(each);
    if (uid !== 0 && uid !== self) return words.ofUser({ path: each, uid: String(uid) });
    if ((mode & othersMayWrite) !== 0 && (mode & sticky) === 0) return words.writable({ path: each });
    if (each === dirname(each)) return null;
  }
}

/** Why this is no directory of this user without the mode bits `forbidden`; null where it is. */
async function whyForeign(path: string, forbidden: number): Promise<Reason | null> {
  const fix = words.findOwner({ path, choice: stateChoice });
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return text.missing({ fix });
    throw error;
  }
  if (!found.isDirectory()) return text.notDirectory({ fix });
  if (found.uid !== process.getuid?.()) return text.foreign({ fix, uid: String(found.uid) });
  return (Number(found.mode) & forbidden) === 0
    ? null
    : text.open({ fix, mode: (Number(found.mode) & 0o777).toString(8) });
}

/** The directories of the state, each with its forbidden mode bits. */
function parts(): readonly (readonly [path: string, forbidden: number])[] {
  return [
    [stateDirectory(), othersMayWrite],
    [runsDirectory(), closed],
    [trashDirectory(), closed],
  ];
}

async function makeClosed(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw diskError(path, error, stateChoice);
  }
}

/**
 * Makes the state directory with its parts, inaccessible to other users, or checks an existing one. OcibenchError (exit
 * 2) with the problem and how to choose another place.
 */
export async function openStateDirectory(): Promise<void> {
  const directory = stateDirectory();
  const parent = dirname(directory);
  if (!isRoot()) await mkdir(parent, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const unsafe = await whyUnsafe(parent).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw refusal(words.unsafe, parent, text.noParent({ path: shellWord(parent), choice: stateChoice }));
    throw diskError(parent, error, stateChoice);
  });
  if (unsafe !== null)
    throw refusal(words.unsafe, directory, text.replaceable({ why: unsafe, choice: stateChoice }));
  for (const [path, forbidden] of parts()) {
    await makeClosed(path);
    const foreign = await whyForeign(path, forbidden);
    if (foreign !== null) throw refusal(words.unsafe, path, foreign);
  }
}

/** Is there a state directory that only this user can change? Does not make one. */
export async function hasStateDirectory(): Promise<boolean> {
  for (const [path, forbidden] of parts())
    if ((await whyForeign(path, forbidden).catch(() => 'unreadable')) !== null) return false;
  return (await whyUnsafe(dirname(stateDirectory())).catch(() => 'unreadable')) === null;
}
