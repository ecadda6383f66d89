import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, ownIdentity, processIdentitySchema } from '../host/process-identity.ts';
import { diskError } from '../model/disk-error.ts';

/** On disk rather than /tmp, which is often memory: the engine's images and layers lie here. */
const scratchParent = process.env.OCIBENCH_SCRATCH ?? '/var/tmp';
const prefix = 'ocibench-';

/** How another place for scratch directories is chosen, for messages. */
export const scratchChoice = 'OCIBENCH_SCRATCH=DIR';

/** Makes the directory of a run, owned by this process. OcibenchError where the disk does not let us. */
export async function makeScratch(runId: string): Promise<string> {
  const path = join(scratchParent, `${prefix}${runId}`);
  try {
    await mkdir(path, { recursive: true, mode: 0o711 });
    await writeFile(join(path, 'owner.json'), JSON.stringify(ownIdentity()));
  } catch (error) {
    throw diskError(path, error, scratchChoice);
  }
  return path;
}

interface ScratchDirectory {
  readonly runId: string;
  readonly path: string;
  readonly alive: boolean;
}

async function scratchDirectories(): Promise<readonly ScratchDirectory[]> {
  const names = await readdir(scratchParent).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.startsWith(prefix))
      .map(async (name) => {
        const path = join(scratchParent, name);
        return { runId: name.slice(prefix.length), path, alive: await hasLivingOwner(path) };
      }),
  );
}

/** False also where no owner can be read: the directory was being made or removed when its process ended. */
async function hasLivingOwner(path: string): Promise<boolean> {
  try {
    return isRunning(
      processIdentitySchema.parse(JSON.parse(await readFile(join(path, 'owner.json'), 'utf8'))),
    );
  } catch {
    return false;
  }
}

/** Scratch directories whose owner is gone. */
export async function staleScratch(): Promise<readonly ScratchDirectory[]> {
  return (await scratchDirectories()).filter(({ alive }) => !alive);
}

/** Run ids that are being measured on this host now. */
export async function livingScratch(): Promise<readonly string[]> {
  return (await scratchDirectories()).filter(({ alive }) => alive).map(({ runId }) => runId);
}

/** Removes a scratch directory whose owner is gone. False where it has one by now: its run goes on. */
export async function removeStaleScratch(path: string): Promise<boolean> {
  if (await hasLivingOwner(path)) return false;
  await removeScratch(path);
  return true;
}

/** Removes a scratch directory and all that is in it. */
export async function removeScratch(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
