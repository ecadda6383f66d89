import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Liveness, livenessOf, ownIdentity, processIdentitySchema } from './process-identity.ts';
import { isRoot } from './state-directory.ts';

/** A file as read. */
interface PrivateFile {
  readonly text: string;
  /** Id of the file's owner. */
  readonly uid: number;
}

/** Maximum size of a process's record, or of a file of checksums, bytes. */
const longest = 4096;

/**
 * Reads a small regular file that another user may have written. null where it is absent, a link, a pipe, a device, a
 * directory, too long, or unreadable. Never waits for a writer (O_NONBLOCK, open(2)).
 */
export async function readPrivateFile(path: string): Promise<PrivateFile | null> {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > longest) return null;
    const bytes = Buffer.alloc(longest + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytesRead > longest ? null : { text: bytes.toString('utf8', 0, bytesRead), uid: found.uid };
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Directory of root's records of runs on this host, readable by all. Like cgroups it is empty after a restart. */
export const runtimeDirectory = '/run/ocibench';

const registryDirectory = join(runtimeDirectory, 'runs');
const runIdForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Path of a run's record. It is removed last, after the run's cgroups. */
export function runRecord(runId: string): string {
  return join(registryDirectory, runId);
}

/** Makes {@link runtimeDirectory}; false where that fails, or another user than root can change it. */
export async function openRuntimeDirectory(): Promise<boolean> {
  if (!isRoot()) return false;
  for (const path of [runtimeDirectory, registryDirectory]) {
    await mkdir(path, { mode: 0o755 }).catch(() => undefined);
    const found = await lstat(path).catch(() => null);
    if (found === null || !found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) return false;
    // Whatever the umask: every user must be able to see who measures.
    if ((found.mode & 0o777) !== 0o755) await chmod(path, 0o755);
  }
  return true;
}

/**
 * Records that this process measures a run, independent of state directory and lock: all runs share one cgroup tree,
 * and only this record shows the owner of a cgroup. Does nothing without root, who alone makes and removes cgroups.
 */
export async function registerRun(runId: string): Promise<void> {
  if (!(await openRuntimeDirectory())) return;
  const path = runRecord(runId);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(ownIdentity()), { flag: 'wx', mode: 0o644 });
}

/** Removes the record of a run whose cgroups were removed. */
export async function unregisterRun(runId: string): Promise<void> {
  if (isRoot()) await rm(runRecord(runId), { force: true });
}

/** Liveness of the registered runs' processes, by run id. */
export async function registeredRuns(): Promise<ReadonlyMap<string, Liveness>> {
  const runs = new Map<string, Liveness>();
  for (const runId of await readdir(registryDirectory).catch(() => [])) {
    if (!runIdForm.test(runId)) continue;
    const record = await readPrivateFile(join(registryDirectory, runId));
    if (record === null || record.uid !== 0) continue;
    runs.set(runId, livenessIn(record.text));
  }
  return runs;
}

function livenessIn(text: string): Liveness {
  try {
    return livenessOf(processIdentitySchema.parse(JSON.parse(text)));
  } catch {
    // The record is damaged, but not by a power failure, after which /run is empty.
    return 'unknown';
  }
}
