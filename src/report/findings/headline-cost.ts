import type { SummaryRow, Verdict } from '../../core/model/analysis/analysis.ts';
import { costRatio, type RatioEstimate } from './row-guards.ts';

/** A headline with its cost ratio: above 1 always costs more. */
export interface HeadlineCost {
  readonly row: SummaryRow;
  readonly cost: RatioEstimate;
}

/**
 * The headlines that have a cost ratio, except the baseline's. Leaves out isolation, which is not a cost, and metrics of which
 * neither less nor more is better.
 */
export function headlineCosts(rows: readonly SummaryRow[], baseline: string): readonly HeadlineCost[] {
  return rows.flatMap((row) => {
    if (!row.headline || row.runtime === baseline) return [];
    if (row.better === 'neither' || row.category === 'isolation') return [];
    const cost = costRatio(row);
    return cost === null ? [] : [{ row, cost }];
  });
}

/** Meaning of a verdict for the choice of a runtime, independent of the metric's direction. */
export type CostStanding = 'worse' | 'better' | 'differs' | 'equivalent' | 'inconclusive' | 'unavailable';
export const standings: readonly CostStanding[] = [
  'worse',
  'better',
  'differs',
  'equivalent',
  'inconclusive',
  'unavailable',
];

const fixed: Readonly<Partial<Record<Verdict, CostStanding>>> = {
  faster: 'better',
  slower: 'worse',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'unavailable',
};

/** Maps `less` and `more` to better or worse by the metric's direction, or to `differs` if it has none. */
export function standingOf({ verdict, better }: Pick<SummaryRow, 'verdict' | 'better'>): CostStanding | null {
  if (verdict === 'less') return better === 'lower' ? 'better' : better === 'higher' ? 'worse' : 'differs';
  if (verdict === 'more') return better === 'lower' ? 'worse' : better === 'higher' ? 'better' : 'differs';
  return fixed[verdict] ?? null;
}
