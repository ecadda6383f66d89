import type { Verdict } from './analysis.ts';
import type { Better, Unit } from './metric.ts';

/** The words for a ratio below and above 1. */
export interface VerdictWords {
  readonly below: Verdict;
  readonly above: Verdict;
}

/** Metrics in ns that are used resources rather than waiting time. */
const resourcePrefixes = ['cpu.', 'engine.', 'total.', 'pressure.'];

/**
 * Words for a difference in a metric.
 *
 * - Used resources are `less` or `more`, whichever is better: counts, bytes, shares, and of the times in ns those of
 *   CPU (`cpu.*`, `engine.*`, `total.*`) and of stalls (`pressure.*`).
 * - Other times (`ns`, `ns/op`) and rates (`ops/s`, `bytes/s`) are `faster` or `slower`. The larger number is the
 *   faster one where higher is better, and for rates without a direction.
 */
export function verdictWords(metric: string, unit: Unit, better: Better): VerdictWords {
  const usage = unit === 'ns' && resourcePrefixes.some((prefix) => metric.startsWith(prefix));
  if (unit === 'bytes' || unit === 'count' || unit === 'ratio' || usage)
    return { below: 'less', above: 'more' };
  const rate = unit === 'ops/s' || unit === 'bytes/s';
  const higherIsFaster = better === 'higher' || (better === 'neither' && rate);
  return higherIsFaster ? { below: 'slower', above: 'faster' } : { below: 'faster', above: 'slower' };
}
