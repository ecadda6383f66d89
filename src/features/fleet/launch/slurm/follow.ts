import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import type { Interrupt } from '../../../../app/reporter.ts';
import { quantity } from '../../../../core/messages/compose.ts';
import { messages, notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { endOfRun, type HostEnd, lastLines } from '../run-end.ts';
import type { Cluster } from './cluster.ts';
import { attemptFiles, attemptName } from './job-script.ts';
import { hasEnded, isWaiting, type LaunchedHost, type QueuedJob, type SlurmLaunch } from './queue.ts';

/** The newest attempt of a job. */
interface Attempt {
  readonly directory: string;
  /** Exit code of its program; null if it has not ended, or was killed. */
  readonly exitCode: number | null;
}

/** Reads the newest attempt of a job below `out`; null if there is none. */
export async function newestAttempt(out: string, host: string, job: string): Promise<Attempt | null> {
  const names = await readdir(join(out, host)).catch(() => []);
  const restarts = names.flatMap((name) => {
    const [, id, restart] = /^job-(\d+)-(\d+)$/.exec(name) ?? [];
    return id === job ? [Number(restart)] : [];
  });
  if (restarts.length === 0) return null;
  const directory = join(out, host, attemptName(job, Math.max(...restarts)));
  const [text = ''] = await lastLines(join(directory, attemptFiles.exit), 1);
  const exitCode = /^\d{1,3}$/.test(text.trim()) ? Number(text) : null;
  return { directory, exitCode };
}

const text = notices('slurm', {
  unanswered: 'Slurm does not answer; the jobs continue: {said}',
  waits: '{host}: job {job} waits: {reason}',
  state: '{host}: job {job} is {state}',
  ended: '{host}: {why}',
  again: '{host}: job {job} restarts; Slurm says: {reason}',
});
const why = messages('slurm.end', {
  refused: 'Slurm rejected the job: {said}',
  rootRefused:
    'Slurm rejected the job: {said}. Here root may not submit jobs (DisableRootJobs): submit as a user who may use Docker on the nodes, with  -- --engine docker',
  deadline: 'its job {job} did not start within {minutes} and was cancelled: {reason}',
  notSubmitted: 'its job was not submitted',
  cancelled: 'its job {job} was cancelled',
  ended: 'its job {job} ended with state {state} ({reason})',
  notShared:
    'its job {job} ended with state {state} and wrote nothing below {out}: the nodes must share that directory',
  unknown: 'Slurm no longer knows its job {job}, which recorded no end; see {log}',
});

/** Slurm’s message if the site has DisableRootJobs. */
const rootIsRefused = /Invalid user id/;

/** Why Slurm refused a job. */
export function refusal(said: string): Message {
  return (rootIsRefused.test(said) ? why.rootRefused : why.refused)({ said });
}

/** Result of following a launch. */
export interface FollowResult {
  readonly ends: readonly HostEnd[];
  /** Did the user interrupt it? */
  readonly interrupted: boolean;
  /** Was the terminal closed? The jobs go on. */
  readonly detached: boolean;
}

/** Polling interval of the queue, ms. It grows, so that a long job puts little load on the controller. */
const look = { first: 500, growth: 1.3, most: 5_000 } as const;

/** Wait for files of an ended job, ms: a shared file system may show a node's writes late. */
const patienceMs = 15_000;

/** State of a host's job, apart from the queue. */
interface WatchedJob extends LaunchedHost {
  /** Start of its current wait, ms of the monotonic clock; null if it is not waiting. */
  since: number | null;
  /** Time at which Slurm first reported its end. */
  endedSince: number | null;
  /** Last message about it. */
  said: string;
  ran: boolean;
}

interface FollowedLaunch {
  readonly out: string;
  readonly launch: SlurmLaunch;
  readonly interrupt: Interrupt;
}

/**
 * Watches the jobs of a launch until each has ended, reports changes, and gives up jobs that do not start in time. An interrupt
 * ends only the jobs that Slurm lists under this launch's name for this user; a closed terminal ends nothing.
 */
export async function followLaunch(
  app: AppContext,
  cluster: Cluster,
  { out, launch, interrupt }: FollowedLaunch,
): Promise<FollowResult> {
  const { clock, reporter } = app;
  const ends = new Map<string, HostEnd>();
  const watched: WatchedJob[] = launch.hosts.map((host) => ({
    ...host,
    since: clock.now(),
    endedSince: null,
    said: '',
    ran: false,
  }));
  for (const { host, refused } of launch.hosts)
    if (refused !== null) ends.set(host, { host, state: 'failed', why: refusal(refused) });
  let [isUnanswered, isCancelled] = [false, false];
  let pauseMs: number = look.first;
  const isDetached = () => interrupt.signal.aborted && (interrupt.hungUp?.() ?? false);
  while (ends.size < launch.hosts.length && !isDetached()) {
    const jobs = await cluster.jobs(launch.name);
    // The terminal may have closed while Slurm answered.
    if (isDetached()) break;
    if ('refused' in jobs) {
      if (!isUnanswered) reporter.warn(text.unanswered({ said: jobs.refused }));
      isUnanswered = true;
    } else {
      isUnanswered = false;
      const open = watched.filter(({ host }) => !ends.has(host));
      const jobOf = ({ job }: WatchedJob) => jobs.find(({ id }) => id === job);
      if (interrupt.signal.aborted && !isCancelled) {
        isCancelled = true;
        await cluster.cancel(open.flatMap((each) => jobOf(each) ?? []).filter((job) => !hasEnded(job)));
      }
      for (const each of open) {
        const job = jobOf(each);
        tell(reporter, each, job);
        const end = await endOf({ app, cluster, out, launch }, each, job);
        if (end === null) continue;
        ends.set(each.host, end);
        if (end.why !== null) reporter.warn(text.ended({ host: each.host, why: end.why }));
      }
    }
    if (ends.size === launch.hosts.length) break;
    const signal = interrupt.signal.aborted ? undefined : interrupt.signal;
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    pauseMs = Math.min(look.most, pauseMs * look.growth);
  }
  const interrupted = interrupt.signal.aborted;
  const inOrder = launch.hosts.flatMap(({ host }) => ends.get(host) ?? []);
  return { ends: inOrder, interrupted, detached: isDetached() };
}

/** Reports a change of a job. */
function tell(reporter: AppContext['reporter'], each: WatchedJob, job: QueuedJob | undefined): void {
  if (job === undefined) return;
  const said = isWaiting(job) ? `${job.state} ${job.reason}` : job.state;
  if (said === each.said) return;
  each.said = said;
  const { host } = each;
  const { id, reason, state } = job;
  if (!isWaiting(job)) reporter.log(text.state({ host, job: id, state }));
  else reporter.log((each.ran ? text.again : text.waits)({ host, job: id, reason }));
}

interface LaunchContext {
  readonly app: AppContext;
  readonly cluster: Cluster;
  readonly out: string;
  readonly launch: SlurmLaunch;
}

/** Result of a host; null: its job has not ended. */
async function endOf(
  { app, cluster, out, launch }: LaunchContext,
  each: WatchedJob,
  job: QueuedJob | undefined,
): Promise<HostEnd | null> {
  const { host } = each;
  const now = app.clock.now();
  if (each.job === null) return { host, state: 'interrupted', why: why.notSubmitted };
  const id = each.job;
  if (job !== undefined && !hasEnded(job)) {
    each.endedSince = null;
    if (!isWaiting(job)) {
      each.since = null;
      each.ran = true;
      return null;
    }
    each.since ??= now;
    if (now - each.since < launch.deadlineMs) return null;
    await cluster.cancel([job]);
    const minutes = quantity(launch.deadlineMs / 60_000, 'min', launch.deadlineMs < 60_000 ? 1 : 0);
    return { host, state: 'given-up', why: why.deadline({ job: id, minutes, reason: job.reason }) };
  }
  const attempt = await newestAttempt(out, host, id);
  const log = join(out, host, `job-${id}.log`);
  if (attempt !== null && attempt.exitCode !== null) return endOfRun(host, attempt.exitCode, log);
  each.endedSince ??= now;
  if (job?.state !== 'CANCELLED' && now - each.endedSince < patienceMs) return null;
  return { host, ...withoutExit(job, attempt, { out, id, log }) };
}

/** Result of a job whose script wrote no exit code. */
function withoutExit(
  job: QueuedJob | undefined,
  attempt: Attempt | null,
  { out, id, log }: { readonly out: string; readonly id: string; readonly log: string },
): { readonly state: HostEnd['state']; readonly why: Message } {
  if (job === undefined) return { state: 'failed', why: why.unknown({ job: id, log }) };
  const { state, reason } = job;
  if (state === 'CANCELLED') return { state: 'interrupted', why: why.cancelled({ job: id }) };
  const wrote = attempt !== null || (state !== 'COMPLETED' && state !== 'FAILED');
  return {
    state: 'failed',
    why: wrote ? why.ended({ job: id, state, reason }) : why.notShared({ job: id, state, out }),
  };
}
