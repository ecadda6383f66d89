import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';
import { diskError } from '../model/machine/disk-error.ts';

/** Inode of the PID namespace of this process (pid_namespaces(7)); 0 where it cannot be read. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** Distinguishes hosts that share a directory: the initial PID namespace has the same inode on all of them. */
function hostMark(): string {
  let id = '';
  try {
    id = readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Containers have no machine id; their host names are unique.
  }
  return createHash('sha256').update(`${id} ${hostname()}`).digest('hex').slice(0, 8);
}

/** Regular expression for a mark of {@link writerMark}, with one group. */
export const markForm = String.raw`(\d+\.\d+\.[0-9a-f]{8})`;

/**
 * Part of a temporary name that identifies the process that made it. A later process uses it to check whether that one
 * is gone.
 */
export function writerMark(): string {
  return `${process.pid}.${pidNamespace()}.${hostMark()}`;
}

/** Has the process that wrote such a mark ended? Processes of another PID namespace (a container) cannot be seen. */
export function isWriterGone(mark: string): boolean {
  const [pid, namespace, host] = mark.split('.');
  return namespace === pidNamespace() && host === hostMark() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A new name for a file or link that is renamed to its target beside it. */
export function temporaryIn(directory: string): string {
  return join(directory, `.${randomUUID()}.${writerMark()}.tmp`);
}

const temporaryName = new RegExp(`^\\.[0-9a-f-]{36}\\.${markForm}\\.tmp$`);

/** Is this the name of a file that is not completely written yet? */
export function isTemporary(name: string): boolean {
  return temporaryName.test(name);
}

/** Removes temporary files that killed processes left in a directory. Returns the removed paths. */
export async function removeUnfinished(directory: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    const mark = temporaryName.exec(name)?.[1];
    if (mark === undefined || !isWriterGone(mark)) continue;
    const path = join(directory, name);
    // A directory is not removed: no writer of files creates one.
    await rm(path, { force: true }).then(
      () => removed.push(path),
      () => undefined,
    );
  }
  return removed;
}

/** Purpose of a temporary directory, part of its name. */
type Purpose = 'artefact' | 'units' | 'version';

const ours = new RegExp(`^ocibench-[a-z]+-${markForm}-[A-Za-z0-9]{6}$`);

/** A directory that is removed when it is disposed of, or when this process ends; after a SIGKILL, by a later process. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * Creates a directory that only this user can enter, inside a directory to which others may write. Removes those that
 * killed processes of this user left there. OcibenchError where the disk refuses it.
 */
export async function temporaryDirectory(purpose: Purpose, parent = tmpdir()): Promise<TemporaryDirectory> {
  await removeTemporaryDirectories(parent);
  const path = makeHere(join(parent, `ocibench-${purpose}-${writerMark()}-`), parent);
  // Removes the directory at every end of this process except by SIGKILL, unless another handler listens to the signal.
  const forget = onExit(() => {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // A program is still writing into it: a later process removes it.
    }
  });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}

/**
 * Creates the directory synchronously, so that no signal arrives between its creation and the registration of the exit
 * handler.
 */
function makeHere(prefix: string, parent: string): string {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw diskError(parent, error, null);
  }
}

/**
 * Removes the temporary directories of this user whose processes are gone, and returns their paths. A directory of
 * another user is left alone, whatever its name.
 */
export async function removeTemporaryDirectories(parent = tmpdir()): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const mark = ours.exec(name)?.[1];
    if (mark === undefined || !isWriterGone(mark)) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => null);
    if (!found?.isDirectory() || found.uid !== process.geteuid?.()) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(path);
  }
  return removed;
}
