import type { ErrorRecord } from '../model/error.ts';
import type { Preflight, RuntimeEntry } from '../model/runtime.ts';
import { leakedCode } from './judge-evidence.ts';
import type { TrialResult } from './trial.ts';

/** A runtime that has not printed a line by then does not work here; healthy ones take a second at most. */
export const preflightLimitMs = 20_000;

/** What {@link preflightOf} needs to put the engine's words into reason and fix. */
export interface PreflightContext {
  readonly entry: RuntimeEntry;
  readonly explain: (engineMessage: string) => ErrorRecord;
  readonly timeout: () => ErrorRecord;
}

/**
 * Reads the outcome of one real container: available, or unavailable with reason, fix and the engine's own
 * words. Leftovers that had to be ended are part of the reason.
 */
export function preflightOf(result: TrialResult, context: PreflightContext): Preflight {
  const { outcome, iterationNs, leaked } = result.record;
  if (outcome.status === 'ok') return { status: 'available', tookMs: (iterationNs ?? 0) / 1e6 };
  const unavailable = (error: ErrorRecord, said: string): Preflight => ({
    status: 'unavailable',
    code: error.code,
    reason:
      leaked.length === 0 || error.code === leakedCode
        ? error.message
        : `${error.message}; it left ${leaked.length} processes behind (${leaked.map((p) => p.comm).join(', ')}), which were ended`,
    fix: error.fix ?? 'see the error text',
    error: said,
  });
  switch (outcome.status) {
    case 'failed':
      return unavailable(outcome.error, outcome.error.detail ?? outcome.error.message);
    case 'timed-out':
      return unavailable(context.timeout(), `no answer to ${outcome.step} within ${outcome.limitMs} ms`);
    case 'interrupted':
      return unavailable({ code: 'interrupted', message: 'the check was interrupted' }, '');
    case 'unsupported':
      return unavailable({ code: 'unsupported', message: outcome.reason }, '');
  }
}
