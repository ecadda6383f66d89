import { lstat, mkdir, readdir, readFile, readlink, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { namespaceOf } from '../../../core/engine/labels.ts';
import { removeFiles } from '../../../core/engine/scratch.ts';
import { ownIdentity, processIdentitySchema } from '../../../core/host/process-identity.ts';
import { readPrivateFile } from '../../../core/host/run-registry.ts';
import { stateDirectory, whyUnsafe } from '../../../core/host/state-directory.ts';
import { execa } from '../../../core/programs/execa.ts';

/** containerd's default socket (containerd-config.toml(5)). */
const defaultAddress = '/run/containerd/containerd.sock';

/** The socket of the host's containerd, from the environment variable of ctr(8) and nerdctl, else the default. */
export function hostAddress(environment: NodeJS.ProcessEnv = process.env): string {
  return (environment.CONTAINERD_ADDRESS || defaultAddress).replace(/^unix:\/\//, '');
}

/**
 * Record of a run's namespace in a containerd that others use. The namespace outlives the process that created it; the record
 * tells later commands where it is, whatever their environment.
 */
const recordSchema = z.object({
  /** Path of containerd's socket. */
  address: z.string().startsWith('/'),
  /** Directories that containerd makes for a namespace and never removes. */
  directories: z.array(z.string().startsWith('/')),
  /** The process that measures the run. */
  owner: processIdentitySchema,
});
type NamespaceRecord = z.infer<typeof recordSchema> & { readonly runId: string };

const recordsDirectory = () => join(stateDirectory(), 'namespaces');
const runIdForm = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

/** Records the namespace of a run that this process measures; replaces an earlier record. */
export async function writeRecord(
  runId: string,
  { address, directories }: Pick<NamespaceRecord, 'address' | 'directories'>,
): Promise<void> {
  await mkdir(recordsDirectory(), { recursive: true, mode: 0o700 });
  const record = { address, directories, owner: ownIdentity() };
  const path = join(recordsDirectory(), runId);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(record), { flag: 'wx', mode: 0o600 });
}

/** The records of this user. Anything else in their directory is left alone. */
export async function readRecords(): Promise<readonly NamespaceRecord[]> {
  const records: NamespaceRecord[] = [];
  for (const runId of (await readdir(recordsDirectory()).catch(() => [])).toSorted()) {
    const file = runIdForm.test(runId) ? await readPrivateFile(join(recordsDirectory(), runId)) : null;
    if (file === null || file.uid !== process.getuid?.()) continue;
    try {
      records.push({ ...recordSchema.parse(JSON.parse(file.text)), runId });
    } catch {
      // A power failure can leave an empty file; `clean` still finds the namespace by its labels.
      await removeRecord(runId);
    }
  }
  return records;
}

export async function removeRecord(runId: string): Promise<void> {
  await rm(join(recordsDirectory(), runId), { force: true });
}

/**
 * The two directories in which containerd keeps a namespace's bundles, found through the shim of one of its containers; empty
 * where unknown.
 */
export async function bundleDirectories(runId: string, containerId: string): Promise<readonly string[]> {
  const bundle = `/${namespaceOf(runId)}/${containerId}`;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    // A process of another user may also have a working directory of such a name.
    if (!cwd.endsWith(bundle) || (await stat(`/proc/${pid}`).catch(() => null))?.uid !== process.getuid?.())
      continue;
    const work = await readlink(join(cwd, 'work')).catch(() => '');
    return [cwd, work].filter((path) => path.endsWith(bundle)).map((path) => dirname(path));
  }
  return [];
}

type NamespaceDirectories = Pick<NamespaceRecord, 'runId' | 'directories'>;

/** The directories named after the run's namespace: a record does not justify touching any other. */
function ofRun({ runId, directories }: NamespaceDirectories): readonly string[] {
  return directories.filter((path) => basename(path) === namespaceOf(runId));
}

/** Removes the empty directories of a run's removed namespace. */
export async function removeDirectories(recorded: NamespaceDirectories): Promise<void> {
  for (const path of ofRun(recorded)) await rmdir(path).catch(() => undefined);
}

/**
 * Mount points below a directory, the innermost first. `mountinfo`: text as in proc_pid_mountinfo(5), whose field 5 is the
 * mount point.
 */
export function mountPointsBelow(directory: string, mountinfo: string): readonly string[] {
  const points = mountinfo.split('\n').map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith(`${directory}/`)).toReversed();
}

/** Is it a directory of this user that no other user can replace? */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return (
    found?.isDirectory() === true && found.uid === process.getuid?.() && (await whyUnsafe(path)) === null
  );
}

/**
 * Removes the bundles of a run's removed namespace, with their mounts. containerd forgets a bundle if it is killed during a
 * creation, and the runtime that should delete it is gone. No process of the namespace may be running.
 */
export async function removeBundles(recorded: NamespaceDirectories): Promise<void> {
  for (const path of ofRun(recorded)) {
    if (!(await isOwn(path))) continue;
    for (const id of (await readdir(path)).filter((name) => /^[0-9a-f]{64}$/.test(name))) {
      const bundle = join(path, id);
      for (const point of mountPointsBelow(bundle, await readFile('/proc/self/mountinfo', 'utf8')))
        await execa('umount', ['--', point], { stdin: 'ignore', reject: false });
      await removeFiles(bundle).catch(() => undefined);
    }
  }
  await removeDirectories(recorded);
}
