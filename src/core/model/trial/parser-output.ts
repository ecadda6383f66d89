import type { Message } from '../../messages/message.ts';
import { MessageError } from '../failure/said.ts';
import type { Fact, ParsedValue } from '../workload/metric.ts';

/**
 * Invalid output; the message quotes at most one line of it. A string (in users' own workloads) is the same in every
 * language. The trial fails; `told`: such as its share of successes.
 */
export class ParseError extends MessageError {
  override readonly name = 'ParseError';
  readonly told: ToldByFailure;

  constructor(message: Message | string, told: ToldByFailure = { values: [], facts: [] }) {
    super(message);
    this.told = told;
  }
}

/** What a failed trial tells all the same. */
export interface ToldByFailure {
  /** Those of the main metric do not count: they would be of survivors. */
  readonly values: readonly ParsedValue[];
  readonly facts: readonly Fact[];
}
