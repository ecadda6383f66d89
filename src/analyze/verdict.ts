import type { Verdict } from '../model/analysis.ts';
import type { Better, Unit } from '../model/metric.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { Ratio } from './ratio.ts';

type Thresholds = ResolvedConfig['thresholds'];

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

/**
 * Decide the verdict on a ratio. A difference is claimed only if all of these hold: the interval excludes 1, the
 * estimate lies outside the practical band [1/(1+practical), 1+practical], and the p value adjusted for the family is
 * below alpha. `equivalent` means that the whole interval lies inside the band. All other ratios are `inconclusive`,
 * which is not "the same".
 */
export function decideVerdict(
  ratio: Pick<Ratio, 'ratio' | 'low' | 'high'>,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
): Verdict {
  const { ratio: estimate, low, high } = ratio;
  if (estimate === null || low === null || high === null) return 'inconclusive';
  const upper = 1 + thresholds.practical;
  const lower = 1 / upper;
  if (low >= lower && high <= upper) return 'equivalent';
  if (pAdjusted === null || pAdjusted >= thresholds.alpha) return 'inconclusive';
  if (high < 1 && estimate < lower) return words.below;
  if (low > 1 && estimate > upper) return words.above;
  return 'inconclusive';
}
