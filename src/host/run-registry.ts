import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPrivateFile } from './private-file.ts';
import { type Liveness, livenessOf, ownIdentity, processIdentitySchema } from './process-identity.ts';
import { isRoot } from './state-directory.ts';

/** Where root says what it does on this host; others may read it. Like cgroups it is gone after a restart. */
export const runtimeDirectory = '/run/ocibench';

const registryDirectory = join(runtimeDirectory, 'runs');
const runIdForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** The record of a run: it is the last thing that goes, after the run's cgroups. */
export function runRecord(runId: string): string {
  return join(registryDirectory, runId);
}

/** Makes {@link runtimeDirectory}; false where it cannot be made, or is not root's alone. */
export async function openRuntimeDirectory(): Promise<boolean> {
  if (!isRoot()) return false;
  for (const path of [runtimeDirectory, registryDirectory]) {
    await mkdir(path, { mode: 0o755 }).catch(() => undefined);
    const found = await lstat(path).catch(() => null);
    if (found === null || !found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) return false;
  }
  return true;
}

/**
 * Records that this process measures a run, wherever its state directory and its lock are: the cgroups of all runs are in one
 * tree, and only this tells whose they are. Does nothing without root, who alone makes and removes cgroups.
 */
export async function registerRun(runId: string): Promise<void> {
  if (!(await openRuntimeDirectory())) return;
  const path = runRecord(runId);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(ownIdentity()), { flag: 'wx', mode: 0o644 });
}

/** Forgets a run, whose cgroups must have been removed. */
export async function unregisterRun(runId: string): Promise<void> {
  if (isRoot()) await rm(runRecord(runId), { force: true });
}

/** Whether the processes of the registered runs are alive, by run id. */
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
    // The power went while it was written: /run is empty after that, so that this is damage of another kind.
    return 'unknown';
  }
}
