import { messages, notices } from '../../src/core/messages/define.ts';
import type { Evidence } from '../../src/core/model/evidence.ts';
import { ParseError } from '../../src/core/model/workload.ts';
import { within } from './within.ts';

const words = messages('tool.window', {
  stampedTime: 'the time between the stamps in ns',
});

const says = notices('tool.window', {
  missing: 'the trial has no stamped window',
});

/**
 * Duration of the stamped work by the container's clock, ns: for tools that time nothing themselves. The host's view of
 * the same interval is blurred by the latency of the stamps. A trial whose clocks disagree is flagged. ParseError where
 * the container did not stamp, or stamped less than 0.1 ms (no program can start in that time) or more than an hour.
 */
export function windowNs({ window }: Pick<Evidence, 'window'>): number {
  if (window === null) throw new ParseError(says.missing);
  return within(words.stampedTime, window.containerNs, [1e5, 3.6e12]);
}
