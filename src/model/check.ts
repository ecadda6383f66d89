import type { Reason } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recorded } from '../messages/record.ts';
import type { Check } from './host.ts';

/** How much the subject of a check can move what is measured, at most. */
type Impact = NonNullable<Check['impact']>;

/** What a check found out. */
export interface Outcome {
  readonly status: Check['status'];
  readonly detail: Message;
  readonly fix?: Message | undefined;
}

export const ok = (detail: Message, fix?: Message): Outcome => ({ status: 'ok', detail, fix });
export const unknown = (detail: Message, fix?: Message): Outcome => ({ status: 'unknown', detail, fix });
export const warn = ({ message, fix }: Pick<Reason, 'message' | 'fix'>): Outcome => ({
  status: 'warn',
  detail: message,
  fix,
});
export const fail = ({ message, fix }: Pick<Reason, 'message' | 'fix'>): Outcome => ({
  status: 'fail',
  detail: message,
  fix,
});

/** One subject that `doctor` looks at, as its file defines it. */
export interface CheckDefinition<Facts> {
  /** Stable, for programs. */
  readonly id: string;
  readonly title: Message;
  readonly impact: Impact;
  /** Null where there is nothing to say of it. */
  readonly check: (facts: Facts) => Outcome | null;
}

/** What a check says, as records hold it; empty where it says nothing. */
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
