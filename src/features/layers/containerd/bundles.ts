import { lstat, mkdir, readdir, readFile, readlink, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';
import { namespaceOf } from '../../../core/engine/labels.ts';
import { removeFiles } from '../../../core/engine/scratch.ts';
import { ownIdentity, processIdentitySchema } from '../../../core/host/process-identity.ts';
import { readPrivateFile } from '../../../core/host/run-registry.ts';
import { stateDirectory, whyUnsafe } from '../../../core/host/state-directory.ts';

/** Where containerd listens unless its configuration says otherwise (containerd-config.toml(5)). */
const defaultAddress = '/run/containerd/containerd.sock';

/** The socket of the host's containerd: what ctr(8) and nerdctl read, else the default. */
export function hostAddress(environment: NodeJS.ProcessEnv = process.env): string {
  return (environment.CONTAINERD_ADDRESS || defaultAddress).replace(/^unix:\/\//, '');
}

/**
 * A namespace of a run in a containerd that others use. It outlives the process that made it, and the record says where to
 * look for it, whatever the environment of a later command is.
 */
const recordSchema = z.object({
  /** Path of containerd's socket. */
  address: z.string().startsWith('/'),
  /** Directories that containerd makes for a namespace, and never removes. */
  directories: z.array(z.string().startsWith('/')),
  /** The process that measures the run. */
  owner: processIdentitySchema,
});
type NamespaceRecord = z.infer<typeof recordSchema> & { readonly runId: string };

const recordsDirectory = () => join(stateDirectory(), 'namespaces');
const runIdForm = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

/** Writes down a namespace of a run that this process measures, in place of an earlier record. */
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

/** Where containerd keeps the bundles of a namespace, by the shim of one of its containers: two directories, or none. */
export async function bundleDirectories(runId: string, containerId: string): Promise<readonly string[]> {
  const bundle = `/${namespaceOf(runId)}/${containerId}`;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    // Any user may work in a directory of such a name.
    if (!cwd.endsWith(bundle) || (await stat(`/proc/${pid}`).catch(() => null))?.uid !== process.getuid?.())
      continue;
    const work = await readlink(join(cwd, 'work')).catch(() => '');
    return [cwd, work].filter((path) => path.endsWith(bundle)).map((path) => dirname(path));
  }
  return [];
}

type Recorded = Pick<NamespaceRecord, 'runId' | 'directories'>;

/** Those with the name of the run's namespace: a record is no reason to touch another directory. */
function ofRun({ runId, directories }: Recorded): readonly string[] {
  return directories.filter((path) => basename(path) === namespaceOf(runId));
}

/** Removes the directories of a run's namespace that is gone, where they are empty. */
export async function removeDirectories(recorded: Recorded): Promise<void> {
  for (const path of ofRun(recorded)) await rmdir(path).catch(() => undefined);
}

/** Mount points below a directory, the innermost first. `mountinfo`: as in proc_pid_mountinfo(5), where field 5 is the point. */
export function mountPointsBelow(directory: string, mountinfo: string): readonly string[] {
  const points = mountinfo.split('\n').map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith(`${directory}/`)).toReversed();
}

/** Is it a directory of this user's that nobody else can exchange? */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return (
    found?.isDirectory() === true && found.uid === process.getuid?.() && (await whyUnsafe(path)) === null
  );
}

/**
 * Removes the bundles of a run's namespace that is gone, with what is mounted in them. containerd forgets a bundle when it was
 * killed in the middle of a creation, and the runtime that should delete it is no longer where it was. Nothing of the namespace
 * may run.
 */
export async function removeBundles(recorded: Recorded): Promise<void> {
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
