import { join } from 'node:path';
import * as z from 'zod';
import { readPlainFile, unreadable } from '../../../../core/files/plain-file.ts';
import { writeAtomically } from '../../../../core/store/files.ts';

/** A node's name, which is also the name of a directory. */
export const nodeName = /^\w[\w.-]*$/;

const hostSchema = z.object({
  host: z.string().regex(nodeName),
  /** Id of its job; null where none was submitted. */
  job: z.string().regex(/^\d+$/).nullable(),
  /** Why Slurm took no job for it, in its words; null otherwise. */
  refused: z.string().nullable(),
});

const launchSchema = z.object({
  format: z.literal('ocibench fleet slurm 1'),
  /** Name of all its jobs. */
  name: z.string().regex(/^ocibench-[\w-]+$/),
  partition: z.string(),
  /** Time limit of a job, minutes; null: that of the partition. */
  minutes: z.number().int().positive().nullable(),
  /** How long a job may wait to begin, ms. */
  deadlineMs: z.number().positive(),
  /** When jobs began to be submitted: ISO 8601. */
  startedAt: z.iso.datetime(),
  hosts: z.array(hostSchema).min(1),
});

/** A launch as it stands on the disk: enough to go on with it from another terminal. */
export type SlurmLaunch = Readonly<z.infer<typeof launchSchema>>;
export type LaunchedHost = SlurmLaunch['hosts'][number];

/** Name of the file, and of the script beside it. */
export const launchFiles = { state: 'fleet-slurm.json', script: 'fleet-slurm.sh' } as const;

export async function writeLaunch(out: string, launch: SlurmLaunch): Promise<void> {
  await writeAtomically(join(out, launchFiles.state), `${JSON.stringify(launch, null, 2)}\n`);
}

/** Reads the launch of `out`; null where there is none. OcibenchError (exit 2) where the file is damaged. */
export async function readLaunch(out: string): Promise<SlurmLaunch | null> {
  const file = join(out, launchFiles.state);
  const bytes = await readPlainFile(file, { followLinks: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (bytes === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw unreadable(file, (error as Error).message, error);
  }
  const parsed = launchSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(file, `${issue?.path.map(String).join('.')}: ${issue?.message}`, parsed.error);
}
