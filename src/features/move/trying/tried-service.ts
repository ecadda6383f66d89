import type { ErrorRecord } from '../../../core/model/failure/error-record.ts';
import type { MoveOutcome, TriedService } from '../record.ts';
import type { ContainerState } from './container-state.ts';

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
export function triedOf(
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
