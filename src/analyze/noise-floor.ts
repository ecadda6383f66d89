import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { NoiseFloor, SummaryRow, Verdict } from '../model/analysis.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { metricClass } from './metric-class.ts';
import { percentFromOne } from './note.ts';
import type { Ratio } from './ratio.ts';

const words = messages('noiseFloor', { within: '±{share}' });

type Thresholds = ResolvedConfig['thresholds'];
type Compared = Pick<Ratio, 'ratio' | 'low' | 'high'>;

/** class → floor */
export type NoiseFloors = ReadonlyMap<string, NoiseFloor>;

/** The class of a row; null on a row without values. */
export function classOf(row: Pick<SummaryRow, 'metric' | 'unit' | 'category' | 'headline'>): string | null {
  const { metric, unit, category, headline } = row;
  return metric === null || unit === null ? null : metricClass(metric, unit, category, headline);
}

/**
 * The run's own noise, from the rows of the baseline's second arm: per class the end of all its intervals that lies
 * farthest from 1, taken to both sides. It grows with the uncertainty of the second arm, not only with what it found.
 */
export function noiseFloors(aaRows: readonly SummaryRow[], thresholds: Thresholds): NoiseFloors {
  const floors = new Map<string, NoiseFloor>();
  const compared = aaRows.filter((row) => row.n > 0);
  for (const [name, rows] of Map.groupBy(compared, classOf)) {
    if (name === null) continue;
    const ends = rows.flatMap(({ ratioCiLow, ratioCiHigh }) =>
      ratioCiLow === null || ratioCiHigh === null
        ? []
        : [Math.abs(Math.log(ratioCiLow)), Math.abs(Math.log(ratioCiHigh))],
    );
    const farthest = ends.length === 0 ? null : ends.reduce((most, end) => Math.max(most, end));
    floors.set(name, {
      class: name,
      ratioLow: farthest === null ? null : Math.exp(-farthest),
      ratioHigh: farthest === null ? null : Math.exp(farthest),
      pairs: rows.reduce((sum, row) => sum + row.pairs, 0),
      differs: rows.some((row) => differsFromItself(row, thresholds)),
    });
  }
  return floors;
}

/**
 * Is the difference between the baseline's two arms more than noise? If its p value, adjusted over all such comparisons
 * of its family, is below alpha; for headlines also if its interval lies wholly beyond the practical band. (Of the
 * hundreds of other metrics some intervals do so by chance.) Never where the interval lies wholly within the band: a
 * difference that small disturbs no verdict.
 */
export function differsFromItself(row: SummaryRow, { practical, alpha }: Thresholds): boolean {
  const { ratioCiLow: low, ratioCiHigh: high, pAdjusted, headline } = row;
  if (low === null || high === null) return false;
  const upper = 1 + practical;
  if (low >= 1 / upper && high <= upper) return false;
  if (pAdjusted !== null && pAdjusted < alpha) return true;
  return headline && (low > upper || high < 1 / upper);
}

/**
 * Does a verdict hold against the floor of its class? A difference must be larger than the floor; where the baseline
 * differs from itself its whole interval must lie beyond, and `equivalent` cannot be shown. `inconclusive` holds always,
 * and so does everything where there is no floor.
 */
export function holdsAgainst(floor: NoiseFloor | undefined, verdict: Verdict, compared: Compared): boolean {
  if (verdict === 'inconclusive' || floor === undefined) return true;
  const { ratioLow, ratioHigh, differs } = floor;
  const { ratio, low, high } = compared;
  if (ratioLow === null || ratioHigh === null || ratio === null || low === null || high === null) return true;
  if (verdict === 'equivalent') return !differs;
  return differs ? low > ratioHigh || high < ratioLow : ratio > ratioHigh || ratio < ratioLow;
}

/** `±12 %`: how far the floor's upper end is from 1. */
export function floorPercent({ ratioHigh }: Pick<NoiseFloor, 'ratioHigh'>): Message {
  return words.within({ share: percentFromOne(ratioHigh) });
}
