import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readPrivateFile } from '../../../core/host/private-file.ts';
import { ownIdentity, processIdentitySchema } from '../../../core/host/process-identity.ts';
import { stateDirectory } from '../../../core/host/state-directory.ts';

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
export type NamespaceRecord = z.infer<typeof recordSchema> & { readonly runId: string };

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
