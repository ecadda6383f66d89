import type { Reason } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recorded } from '../../messages/record.ts';
import type { Check } from './host.ts';

/** Maximum influence of a check's topic on the measurement. */
type Impact = NonNullable<Check['impact']>;

/** Result of a check. */
export interface CheckOutcome {
  readonly status: Check['status'];
  readonly detail: Message;
  readonly fix?: Message | undefined;
}

export const ok = (detail: Message, fix?: Message): CheckOutcome => ({ status: 'ok', detail, fix });
export const unknown = (detail: Message, fix?: Message): CheckOutcome => ({ status: 'unknown', detail, fix });
export const warn = ({ message, fix }: Pick<Reason, 'message' | 'fix'>): CheckOutcome => ({
  status: 'warn',
  detail: message,
  fix,
});
export const fail = ({ message, fix }: Pick<Reason, 'message' | 'fix'>): CheckOutcome => ({
  status: 'fail',
  detail: message,
  fix,
});

/** One topic that `doctor` checks, as its file defines it. */
export interface CheckDefinition<Facts> {
  /** Stable, for programs. */
  readonly id: string;
  readonly title: Message;
  readonly impact: Impact;
  /** Returns null where there is nothing to report. */
  readonly check: (facts: Facts) => CheckOutcome | null;
}

/** Result of a check in the form of records; empty where there is nothing to report. */
export function runCheck<Facts>(
  { id, title, impact, check }: CheckDefinition<Facts>,
  facts: Facts,
): readonly Check[] {
  const outcome = check(facts);
  if (outcome === null) return [];
  const { status, detail, fix } = outcome;
  const weight = status === 'warn' || status === 'fail' ? { impact } : {};
  const { title: heading, ...words } = recorded({ title, detail, fix });
  return [{ id, title: heading, status, ...weight, ...words }];
}
