import { join } from 'node:path';
import * as z from 'zod';
import { readPlainFile, unreadable } from '../../../../core/files/plain-file.ts';
import { writeAtomically } from '../../../../core/store/files.ts';

/** Form of a node's name, which is also used as a directory name. */
export const nodeName = /^\w[\w.-]*$/;

const hostSchema = z.object({
  host: z.string().regex(nodeName),
  /** Id of its job; null if none was submitted. */
  job: z.string().regex(/^\d+$/).nullable(),
  /** Slurm's message if it refused the job; null otherwise. */
  refused: z.string().nullable(),
});

const launchSchema = z.object({
  format: z.literal('ocibench fleet slurm 1'),
  /** Name of all its jobs. */
  name: z.string().regex(/^ocibench-[\w-]+$/),
  partition: z.string(),
  /** Time limit of a job, minutes; null: that of the partition. */
  minutes: z.number().int().positive().nullable(),
  /** Maximum wait of a job, ms. */
  deadlineMs: z.number().positive(),
  /** Start of the submission, ISO 8601. */
  startedAt: z.iso.datetime(),
  hosts: z.array(hostSchema).min(1),
});

/** State file of a launch, sufficient to continue it from another terminal. */
export type SlurmLaunch = Readonly<z.infer<typeof launchSchema>>;
export type LaunchedHost = SlurmLaunch['hosts'][number];

/** Names of the state file and of the script beside it. */
export const launchFiles = { state: 'fleet-slurm.json', script: 'fleet-slurm.sh' } as const;

export async function writeLaunch(out: string, launch: SlurmLaunch): Promise<void> {
  await writeAtomically(join(out, launchFiles.state), `${JSON.stringify(launch, null, 2)}\n`);
}

/** Reads the launch of `out`; null if there is none. OcibenchError (exit 2) if the file is damaged. */
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

/** A job as squeue lists it. */
export interface QueuedJob {
  readonly id: string;
  /** `PENDING`, `RUNNING`, `COMPLETED` … (squeue(1), job state codes). */
  readonly state: string;
  /** Node it is pinned to. */
  readonly host: string;
  /** Why it waits, or how it ended; `None` if there is no reason. */
  readonly reason: string;
}

/** Fields for `squeue --format`. The reason is last, because it alone may contain a bar. */
export const queueFormat = '%i|%T|%n|%r';

/** Fields for `sinfo --format`. */
export const nodeFormat = '%N|%T|%E';

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** Parses `squeue --noheader` with {@link queueFormat}. Skips lines of another form. */
export function parseQueue(text: string): readonly QueuedJob[] {
  return lines(text).flatMap((line) => {
    const [id = '', state = '', host = '', ...reason] = line.split('|');
    return /^\d+$/.test(id) && /^[A-Z_]+$/.test(state) ? [{ id, state, host, reason: reason.join('|') }] : [];
  });
}

/** A node as sinfo lists it. */
export interface ClusterNode {
  readonly name: string;
  /** `idle`, `mixed`, `drained`, `down*` … (sinfo(1), node state codes). */
  readonly state: string;
  /** Why it is drained or down; `none` otherwise. */
  readonly reason: string;
}

/** Parses `sinfo --noheader --Node` with {@link nodeFormat}. Lists a node of several partitions once. */
export function parseNodes(text: string): readonly ClusterNode[] {
  const nodes = new Map<string, ClusterNode>();
  for (const line of lines(text)) {
    const [name = '', state = '', ...reason] = line.split('|').map((field) => field.trim());
    if (name !== '' && state !== '') nodes.set(name, { name, state, reason: reason.join('|') });
  }
  return [...nodes.values()];
}

const unable = /^(?:down|drain|fail|maint|error|unknown|future|reboot|power(?:ed|ing)_down|inval|perfctrs)/;

/** Can a job start on the node, now or when others have ended? A suffix of the state shows whether the node responds. */
export function takesJobs({ state }: ClusterNode): boolean {
  return !unable.test(state.toLowerCase()) && !state.endsWith('*');
}

const ended: ReadonlySet<string> = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
]);

/** Has the job ended for good? A requeued job is `PENDING` again under the same id. */
export function hasEnded({ state }: Pick<QueuedJob, 'state'>): boolean {
  return ended.has(state);
}

const waiting: ReadonlySet<string> = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
]);

/** Is the job waiting to start? */
export function isWaiting({ state }: Pick<QueuedJob, 'state'>): boolean {
  return waiting.has(state);
}
