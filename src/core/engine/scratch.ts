import { randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  livenessOf,
  ownIdentity,
  type ProcessIdentity,
  processIdentitySchema,
} from '../host/process-identity.ts';
import { readPrivateFile } from '../host/run-registry.ts';
import {
  hasStateDirectory,
  openStateDirectory,
  runsDirectory,
  stateChoice,
  stateDirectory,
  trashDirectory,
} from '../host/state-directory.ts';
import { notices, reasons } from '../messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';
import { execa } from '../programs/execa.ts';

/**
 * Names of scratch directories: of a run, its further engines, and an ssh tunnel to a daemon.
 */
const names = /^(?:\d{8}-\d{6}-[0-9a-f]{4}(?:-engine\d{1,3})?|ssh-[0-9a-f]{8})$/;
const ownerFile = 'owner.json';

const words = notices('scratch', { taken: 'the scratch directory of {runId} already exists' });

const text = reasons('scratch', {
  inUse: {
    message: 'another process uses it, or an earlier one left it',
    fix: '@(clean)   (removes it if its process is gone)',
  },
});

/** Path of a run's scratch directory. */
export function scratchPath(runId: string): string {
  return join(runsDirectory(), runId);
}

/** Name of the scratch directory of a run's n-th engine, from 1. */
export function engineScratchName(runId: string, number: number): string {
  return number === 1 ? runId : `${runId}-engine${number}`;
}

/**
 * Makes the directory of a run, owned by this process and inaccessible to other users. Never uses an existing one.
 * OcibenchError where one exists (exit 4), or where the disk refuses it; RangeError for a name by which none is found again.
 */
export async function makeScratch(runId: string): Promise<string> {
  if (!names.test(runId)) throw new RangeError(`${runId} is no name of a scratch directory`);
  await openStateDirectory();
  const path = scratchPath(runId);
  for (let again = 0; ; again++) {
    await makeEmpty(runId, path);
    try {
      await writeScratchFile(path, ownerFile, JSON.stringify(ownIdentity()));
      return path;
    } catch (error) {
      // A concurrent `clean` removes empty directories, which have no owner yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && again < 3) continue;
      await removeScratch(path);
      throw error;
    }
  }
}

/**
 * Removes the parts of a run's directory that a runtime recreated after the removal, because its containerd was lost. `runId`:
 * of the run that this process measures. A directory with an owner stays.
 */
export async function removeScratchRemains(runId: string): Promise<void> {
  const path = scratchPath(runId);
  if ((await isOwnDirectory(path)) && (await ownerOf(path)) === null) await removeScratch(path);
}

async function makeEmpty(runId: string, path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw diskError(path, error, stateChoice);
    throw new OcibenchError(words.taken({ runId }), {
      exitCode: exitCodes.busy,
      problems: [problemOf({ file: path, key: '' }, text.inUse)],
    });
  }
}

/** Writes a new file into a scratch directory. OcibenchError where the disk refuses it. */
export async function writeScratchFile(
  scratch: string,
  name: string,
  text: string,
  mode = 0o600,
): Promise<string> {
  const path = join(scratch, name);
  try {
    await writeFile(path, text, { flag: 'wx', mode });
  } catch (error) {
    throw diskError(scratch, error, stateChoice);
  }
  return path;
}

/**
 * Lets the host user of the containers' root traverse a directory of the state directory (userns-remap), as dockerd does for
 * its own data: mode 0710 and that user's group. A runtime resolves bind mounts as that user. If all users may traverse the
 * state directory (to reach pinned copies), they still may.
 */
export async function openToGroup(directory: string, gid: number): Promise<void> {
  const top = stateDirectory();
  for (let path = directory; path.startsWith(top); path = dirname(path)) {
    const passable = path === top ? (await lstat(path)).mode & 0o001 : 0;
    await chown(path, 0, gid);
    await chmod(path, 0o710 | passable);
  }
}

interface ScratchDirectory {
  readonly runId: string;
  readonly path: string;
  readonly owner: ProcessIdentity;
}

/** Contents of the state directory. */
export interface ScratchDirectories {
  /** The process that made them runs, or cannot be seen from here. */
  readonly alive: readonly ScratchDirectory[];
  /** The process that made them has certainly ended. */
  readonly stale: readonly ScratchDirectory[];
  /** Without an owner's record: never touched, except empty ones, whose creation was interrupted. */
  readonly foreign: readonly string[];
}

async function ownerOf(path: string): Promise<ProcessIdentity | null> {
  const found = await readPrivateFile(join(path, ownerFile));
  if (found === null || found.uid !== process.getuid?.()) return null;
  try {
    return processIdentitySchema.parse(JSON.parse(found.text));
  } catch {
    return null;
  }
}

/** Is it a directory of this user that no other user can write to? */
async function isOwnDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** Finds the scratch directories of this user. Directories with another name or form are ignored and not read. */
export async function findScratch(): Promise<ScratchDirectories> {
  const alive: ScratchDirectory[] = [];
  const stale: ScratchDirectory[] = [];
  const foreign: string[] = [];
  if (!(await hasStateDirectory())) return { alive, stale, foreign };
  for (const runId of (await readdir(runsDirectory())).toSorted()) {
    const path = scratchPath(runId);
    const owner = names.test(runId) && (await isOwnDirectory(path)) ? await ownerOf(path) : null;
    if (owner === null) foreign.push(path);
    else (livenessOf(owner) === 'gone' ? stale : alive).push({ runId, path, owner });
  }
  return { alive, stale, foreign };
}

/** Removes a scratch directory whose owner has ended. False where it has a new owner: its run was resumed. */
export async function removeStaleScratch({ path, owner }: ScratchDirectory): Promise<boolean> {
  const now = (await isOwnDirectory(path)) ? await ownerOf(path) : null;
  if (now === null || livenessOf(now) !== 'gone' || now.pid !== owner.pid) return false;
  await removeTree(path);
  return true;
}

/** Removes directories whose creation was interrupted, and the rest of interrupted removals. */
export async function removeUnfinishedScratch(foreign: readonly string[]): Promise<void> {
  if (!(await hasStateDirectory())) return;
  // A directory that is not empty stays. A process that is just creating one creates it again.
  for (const path of foreign) await rmdir(path).catch(() => undefined);
  await emptyTrash();
}

/**
 * Removes a directory of the state directory with its content. Moves it into the trash first, so that it disappears at
 * once. Does nothing where it is absent. Rejects with the error of rename(2), or with rm's.
 */
export async function removeTree(path: string): Promise<void> {
  const aside = join(trashDirectory(), `${basename(path)}.${randomUUID()}`);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await removeFiles(aside);
}

/**
 * Removes a file, or a directory with its content. GNU rm walks by file descriptors, so a concurrent rename cannot redirect it
 * (as in CVE-2022-21658), and does not enter mounts. Rejects with rm's error.
 */
export async function removeFiles(path: string): Promise<void> {
  await execa('rm', ['-rf', '--one-file-system', '--', path], { stdin: 'ignore' });
}

async function emptyTrash(): Promise<void> {
  for (const name of await readdir(trashDirectory()).catch(() => []))
    await removeFiles(join(trashDirectory(), name));
}

/** Removes a scratch directory with its content. */
export async function removeScratch(path: string): Promise<void> {
  await removeTree(path);
  await emptyTrash();
}
