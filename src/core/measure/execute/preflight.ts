import { external, listed } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled, recorded } from '../../messages/record.ts';
import type { ErrorRecord } from '../../model/failure/error-record.ts';
import type { Preflight } from '../../model/runtime/runtime.ts';
import { leakedCode } from './outcome.ts';
import type { TrialResult } from './trial.ts';

const words = messages('preflight', {
  leftProcesses:
    '{reason}; it left {n, plural, one {{n} process} other {{n} processes}} behind ({names}), which had to be killed',
  seeError: 'read the error message',
  noAnswer: 'no answer to {step} within {ms} ms',
});
const text = notices('preflight', { interrupted: 'the check was interrupted' });

/**
 * Timeout for the first line of output under a runtime, ms. A runtime that takes longer does not work here; healthy
 * ones take a second at most.
 */
export const preflightLimitMs = 20_000;

/** Functions that turn what went wrong into a reason and a fix. */
export interface PreflightExplanation {
  readonly timeout: () => ErrorRecord;
  /** Adds to an explanation what was learnt since; absent: nothing was. */
  readonly more?: (error: ErrorRecord) => ErrorRecord;
}

/** The preflight of a runtime that was not started, because its failure is known beforehand. */
export function refusedPreflight({ code, message, fix }: RefusedStart): Preflight {
  return { status: 'unavailable', code, ...recorded({ reason: message, fix, error: external('') }) };
}

/** Why a runtime is not started. */
interface RefusedStart {
  readonly code: string;
  readonly message: Message;
  readonly fix: Message;
}

/**
 * Converts the outcome of one real container to the runtime's availability. An unavailable runtime has a reason, a fix
 * and the engine's own error. Leftovers that had to be killed are part of the reason.
 */
export function preflightOf(result: TrialResult, context: PreflightExplanation): Preflight {
  const { outcome, iterationNs, leaked } = result.record;
  if (outcome.status === 'ok') return { status: 'available', tookMs: (iterationNs ?? 0) / 1e6 };
  const unavailable = (error: ErrorRecord, said: Message): Preflight => {
    const reason = recalled(error, 'message');
    const names = listed(leaked.map(({ comm }) => comm));
    const texts = recorded({
      reason:
        leaked.length === 0 || error.code === leakedCode
          ? reason
          : words.leftProcesses({ reason, n: leaked.length, names }),
      fix: error.fix === undefined ? words.seeError : recalled(error, 'fix'),
      error: said,
    });
    return { status: 'unavailable', code: error.code, ...texts };
  };
  switch (outcome.status) {
    case 'failed': {
      const { detail } = outcome.error;
      if (detail === undefined) return unavailable(outcome.error, recalled(outcome.error, 'message'));
      return unavailable(context.more?.(outcome.error) ?? outcome.error, external(detail));
    }
    case 'timed-out':
      return unavailable(context.timeout(), words.noAnswer({ step: outcome.step, ms: outcome.limitMs }));
    case 'interrupted':
      return unavailable({ code: 'interrupted', ...recorded({ message: text.interrupted }) }, external(''));
    case 'unsupported':
      return unavailable({ code: 'unsupported', message: outcome.reason }, external(''));
  }
}
