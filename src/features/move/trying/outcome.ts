import type { ErrorRecord } from '../../../core/model/failure/error-record.ts';
import type { MoveOutcome, TriedService } from '../record.ts';
import type { ContainerState } from './container-state.ts';

/**
 * How a service is now; null while that is not decided. `upMs`: how long it has been seen running since it was started last, which
 * has to be `settleMs`; `mustEnd`: it is a task, which is done once it has ended. An unhealthy service may become healthy: that it
 * did not is decided at the end.
 */
export function outcomeNow(
  state: ContainerState | undefined,
  {
    upMs,
    settleMs,
    mustEnd,
  }: { readonly upMs: number; readonly settleMs: number; readonly mustEnd: boolean },
): MoveOutcome | null {
  if (state === undefined) return null;
  const { status, exitCode, error, health, oomKilled, startedAt } = state;
  if (status === 'created') return error === '' ? null : 'not-started';
  if (status === 'exited' || status === 'dead') {
    if (startedAt === null) return 'not-started';
    return exitCode === 0 && !oomKilled ? 'done' : 'exited';
  }
  if (status !== 'running' || mustEnd || upMs < settleMs) return null;
  if (health === 'healthy') return 'healthy';
  return health === 'none' ? 'up' : null;
}

/**
 * The outcome after one that was decided: a failure counts only up to the age at which it was looked at under the baseline, since
 * trials last differently long, and what ends well later is what it was.
 */
export function outcomeAfter(
  decided: MoveOutcome,
  now: MoveOutcome | null,
  ageMs: number,
  limitMs: number,
): MoveOutcome {
  return now === 'exited' && ageMs <= limitMs ? now : decided;
}

/** How it is once there is no more time. `refused`: Compose gave up, since a service had failed. */
export function outcomeAtEnd(state: ContainerState | undefined, refused: boolean): MoveOutcome {
  if (state === undefined || state.startedAt === null) return refused ? 'not-reached' : 'late';
  if (state.status === 'restarting') return 'exited';
  return state.health === 'unhealthy' ? 'unhealthy' : 'late';
}

/** A container as it was last seen; times: ms, monotonic, later than they were by up to one look. */
export interface Seen {
  readonly state: ContainerState;
  /** Since when it has been running without being started again. */
  readonly runningAt: number | null;
  /** When it was first started, and how long ago that was at the last look. */
  readonly bornAt: number | null;
  readonly ageMs: number;
  readonly healthyAt: number | null;
  readonly outcome: MoveOutcome | null;
}

const longestSaid = 2_000;

/** The record of a service in a trial. */
export function recordService(
  service: string,
  outcome: MoveOutcome,
  {
    own,
    refused,
    log,
  }: { readonly own: Seen | undefined; readonly refused: string | null; readonly log: string },
  explain: (said: string) => ErrorRecord,
): TriedService {
  const state = own?.state;
  const isUnstarted = outcome === 'not-started' || outcome === 'not-reached';
  const failure = isUnstarted ? state?.error || refused || '' : (state?.error ?? '');
  const isSilent = outcome === 'unhealthy' || outcome === 'late';
  const said = (isSilent ? (state?.lastCheck ?? '') : failure).slice(-longestSaid);
  const cause = outcome === 'not-started' && said !== '' ? explain(said) : null;
  const isOver = state !== undefined && state.startedAt !== null && state.status !== 'running';
  const { bornAt = null, healthyAt = null } = own ?? {};
  return {
    service,
    outcome,
    said,
    log,
    exitCode: isOver ? state.exitCode : null,
    oomKilled: state?.oomKilled ?? false,
    healthyMs: bornAt === null || healthyAt === null ? null : healthyAt - bornAt,
    ...(cause?.fix === undefined
      ? {}
      : { cause: { code: cause.code, message: cause.message, fix: cause.fix } }),
  };
}
