/** A job as squeue tells of it. */
export interface QueuedJob {
  readonly id: string;
  /** `PENDING`, `RUNNING`, `COMPLETED` … (squeue(1), job state codes). */
  readonly state: string;
  /** The node that it was pinned to. */
  readonly host: string;
  /** Why it waits or ended as it did; `None` where there is nothing to say. */
  readonly reason: string;
}

/** Fields for `squeue --format`: the reason comes last, because it is the only one that may hold a bar. */
export const queueFormat = '%i|%T|%n|%r';

/** Fields for `sinfo --format`. */
export const nodeFormat = '%N|%T|%E';

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** Reads `squeue --noheader` with {@link queueFormat}. Lines of another form are left out. */
export function parseQueue(text: string): readonly QueuedJob[] {
  return lines(text).flatMap((line) => {
    const [id = '', state = '', host = '', ...reason] = line.split('|');
    return /^\d+$/.test(id) && /^[A-Z_]+$/.test(state) ? [{ id, state, host, reason: reason.join('|') }] : [];
  });
}

/** A node as sinfo tells of it. */
export interface ClusterNode {
  readonly name: string;
  /** `idle`, `mixed`, `drained`, `down*` … (sinfo(1), node state codes). */
  readonly state: string;
  /** Why it is drained or down; `none` otherwise. */
  readonly reason: string;
}

/** Reads `sinfo --noheader --Node` with {@link nodeFormat}; a node of several partitions stands there several times. */
export function parseNodes(text: string): readonly ClusterNode[] {
  const nodes = new Map<string, ClusterNode>();
  for (const line of lines(text)) {
    const [name = '', state = '', ...reason] = line.split('|').map((field) => field.trim());
    if (name !== '' && state !== '') nodes.set(name, { name, state, reason: reason.join('|') });
  }
  return [...nodes.values()];
}

const unable = /^(?:down|drain|fail|maint|error|unknown|future|reboot|power(?:ed|ing)_down|inval|perfctrs)/;

/** Can a job begin on the node as it is, now or when others have ended? The mark at the end says how it answers. */
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

/** Has the job ended for good? One that is requeued is `PENDING` again under its id. */
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

/** Does it wait to begin? */
export function isWaiting({ state }: Pick<QueuedJob, 'state'>): boolean {
  return waiting.has(state);
}
