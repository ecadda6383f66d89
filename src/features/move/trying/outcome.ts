import type { MoveOutcome } from '../record.ts';
import type { ContainerState } from './container-state.ts';

/** How long a service without a health check has to stay up, ms: most programs that cannot run end within a second. */
export const settleMs = 3_000;

/** How a service is now; null while that is not decided. `upMs`: how long it has been seen running. */
export function outcomeNow(state: ContainerState | undefined, upMs: number): MoveOutcome | null {
  if (state === undefined) return null;
  const { status, exitCode, error, health, oomKilled, hasStarted } = state;
  if (status === 'created') return error === '' ? null : 'not-started';
  if (status === 'exited' || status === 'dead') {
    if (!hasStarted) return 'not-started';
    return exitCode === 0 && !oomKilled ? 'done' : 'exited';
  }
  if (status !== 'running') return null;
  if (health === 'healthy' || health === 'unhealthy') return health;
  return health === 'none' && upMs >= settleMs ? 'up' : null;
}
