import type { Verdict } from '../../model/analysis/analysis.ts';
import type { VerdictWords } from '../../model/analysis/cost-ratio.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';
import type { Category } from '../../model/workload/metric.ts';
import type { BlockDifference } from '../rows/ratio.ts';
import type { Centre } from '../stats/paired-centre.ts';

type Thresholds = ResolvedConfig['thresholds'];

/** Rounding slack: a ratio of exactly 1.05 lies in the band of ±5 %, whatever the last bits of its logarithm. */
const onTheEdge = 1 + 1e-12;

/** The words for the cost of a category below and above that of the baseline. */
export function categoryWords(category: Category): VerdictWords {
  const isOfBytes = category === 'memory' || category === 'density';
  return isOfBytes ? { below: 'less', above: 'more' } : { below: 'faster', above: 'slower' };
}

/** An estimate with the interval that must exclude "no difference", and the narrower one that must lie inside the band. */
export type VerdictEstimate = Pick<Centre, 'estimate' | 'low' | 'high' | 'low90' | 'high90'>;

/**
 * Decide the verdict on the logarithm of a ratio. A difference is claimed only if all of these hold: the interval
 * excludes 0, the estimate lies outside the practical band ±log(1+practical), and the p value adjusted for the family
 * is below alpha. `equivalent` means that the whole interval of two one-sided tests (90 %) lies inside the band. All
 * other ratios are `inconclusive`, which is not "the same".
 */
export function decideVerdict(
  logs: VerdictEstimate | null,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
): Verdict {
  return logs === null
    ? 'inconclusive'
    : decide(logs, Math.log1p(thresholds.practical) * onTheEdge, pAdjusted, thresholds, words);
}

/**
 * {@link decideVerdict} on a difference, for values of which some have no logarithm. The band is the practical fraction
 * of the baseline's median. Where that median is 0 there is no band: any difference counts, and only no difference at
 * all is equivalent.
 */
export function decideByDifference(
  { centre, baseline }: BlockDifference,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
): Verdict {
  const { test } = centre;
  if (test !== null && test.t.mean === 0 && test.t.se === 0) return 'equivalent';
  const band = thresholds.practical * Math.abs(baseline);
  const verdict = decide(centre, band, pAdjusted, thresholds, words);
  return verdict === 'equivalent' && band === 0 ? 'inconclusive' : verdict;
}

function decide(
  { estimate, low, high, low90, high90 }: VerdictEstimate,
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
