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
 * Compute the run's own noise from the rows of the A/A control. Per class, it is the bound farthest from 1 over all
 * intervals, applied to both sides. It grows with the control's uncertainty, not only with its estimate.
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
    const farthest = ends.length === 0 ? null : ends.reduce((max, end) => Math.max(max, end));
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
 * True if the difference between the baseline and its A/A control is more than noise. Its p value, adjusted over all
 * such comparisons of its family, must be below alpha. For headlines, its interval must also lie wholly beyond the
 * practical band. (Among hundreds of other metrics, some intervals do so by chance.) False where the interval lies
 * wholly within the band: so small a difference affects no verdict.
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
 * True if a verdict holds despite the noise floor of its class. A difference must be larger than the floor. Where the
 * baseline differs from itself, the whole interval must lie beyond the floor, and `equivalent` cannot be shown.
 * `inconclusive` always holds, and without a floor every verdict does.
 */
export function holdsDespite(floor: NoiseFloor | undefined, verdict: Verdict, compared: Compared): boolean {
  if (verdict === 'inconclusive' || floor === undefined) return true;
  const { ratioLow, ratioHigh, differs } = floor;
  const { ratio, low, high } = compared;
  if (ratioLow === null || ratioHigh === null || ratio === null || low === null || high === null) return true;
  if (verdict === 'equivalent') return !differs;
  return differs ? low > ratioHigh || high < ratioLow : ratio > ratioHigh || ratio < ratioLow;
}

/** `±12 %`: distance of the floor's upper bound from 1. */
export function floorPercent({ ratioHigh }: Pick<NoiseFloor, 'ratioHigh'>): Message {
  return words.within({ share: percentFromOne(ratioHigh) });
}
