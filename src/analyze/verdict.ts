import type { Verdict } from '../model/analysis.ts';
import type { Better, Unit } from '../model/metric.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { Difference } from './ratio.ts';
import type { Centre } from './stats/paired-centre.ts';

type Thresholds = ResolvedConfig['thresholds'];

/** A ratio of exactly 1.05 lies in the band of ±5 %, whatever the last bits of its logarithm. */
const onTheEdge = 1 + 1e-12;

/** An estimate with the interval that must exclude "no difference", and the narrower one that must lie inside the band. */
export type Judged = Pick<Centre, 'estimate' | 'low' | 'high' | 'low90' | 'high90'>;

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
 * Decide the verdict on the logarithm of a ratio. A difference is claimed only if all of these hold: the interval
 * excludes 0, the estimate lies outside the practical band ±log(1+practical), and the p value adjusted for the family
 * is below alpha. `equivalent` means that the whole interval of two one-sided tests (90 %) lies inside the band. All
 * other ratios are `inconclusive`, which is not "the same".
 */
export function decideVerdict(
  logs: Judged | null,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
): Verdict {
  return logs === null
    ? 'inconclusive'
    : decide(logs, Math.log1p(thresholds.practical) * onTheEdge, pAdjusted, thresholds, words);
}

/**
 * The same on a difference, for values of which some have no logarithm. The band is the practical fraction of the
 * baseline's median. Where that is 0 there is no band: any difference counts, and only no difference at all is
 * equivalent.
 */
export function decideByDifference(
  { centre, baseline }: Difference,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
): Verdict {
  const { test } = centre;
  if (test !== null && test.mean === 0 && test.se === 0) return 'equivalent';
  const band = thresholds.practical * Math.abs(baseline);
  const verdict = decide(centre, band, pAdjusted, thresholds, words);
  return verdict === 'equivalent' && band === 0 ? 'inconclusive' : verdict;
}

function decide(
  { estimate, low, high, low90, high90 }: Judged,
  band: number,
  pAdjusted: number | null,
  { alpha }: Thresholds,
  { below, above }: VerdictWords,
): Verdict {
  if (low === null || high === null || low90 === null || high90 === null) return 'inconclusive';
  if (low90 >= -band && high90 <= band) return 'equivalent';
  if (pAdjusted === null || pAdjusted >= alpha) return 'inconclusive';
  if (high < 0 && estimate < -band) return below;
  if (low > 0 && estimate > band) return above;
  return 'inconclusive';
}
