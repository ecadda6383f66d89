import type { Evidence } from '../model/evidence.ts';
import { ParseError } from '../model/workload.ts';
import { within } from './within.ts';

/**
 * How long the stamped work took by the container's clock, ns: for tools that time nothing themselves. The host's own view of
 * the same interval is blurred by how long the stamps were under way; where the two clocks disagree, the trial is flagged.
 * ParseError where the
 * container did not stamp, or stamped less than 0.1 ms, in which no program can even be started, or more than an hour.
 */
export function windowNs({ window }: Pick<Evidence, 'window'>): number {
  if (window === null) throw new ParseError('the trial has no stamped window');
  return within('the time between the stamps in ns', window.containerNs, [1e5, 3.6e12]);
}
