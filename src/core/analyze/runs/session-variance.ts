import { usualSpread } from '../../model/run/session-spread.ts';

/** Degrees of freedom that the other subjects lend to a variance between sessions. */
const lentDegrees = 1;

/** The variance of one session's true value around the mean of all sessions. */
export interface SessionVariance {
  readonly variance: number;
  readonly df: number;
}

/** The variance between sessions to reckon with, from a subject's own in `sessions` sessions and the shared one. */
export function usedVariance(sessions: number, own: number, shared: number | null): SessionVariance {
  return shared === null
    ? { variance: own, df: sessions - 1 }
    : { variance: Math.max(own, shared), df: sessions - 1 + lentDegrees };
}

/** What is assumed of a session while nothing is known of its host. */
export const usualSession: SessionVariance = { variance: Math.log(usualSpread) ** 2, df: 1000 };
