import type { SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { valuesFinder } from './categories-log-ratios.ts';
import type { Series } from './stats/pooled-mean.ts';
import type { Subject } from './subjects.ts';

/** One subject of a category under one runtime. */
export interface CategoryMember {
  readonly row: SummaryRow;
  /** block → log of the cost as a factor of the baseline; rates are inverted. */
  readonly logCosts: Series;
}

/**
 * The headline comparisons that say what a runtime costs: those of a runtime, with a ratio that is tested (enough pairs, few failures) and a
 * direction. How well a runtime isolates is no cost.
 */
export function categoryMembers(
  rows: readonly SummaryRow[],
  subjects: readonly Subject[],
  run: RunRecord,
): readonly CategoryMember[] {
  const valuesOf = valuesFinder(subjects, run);
  return rows.flatMap((row) => {
    const { headline, category, better, ratio, p } = row;
    if (
      !headline ||
      row.layer === 'floor' ||
      category === 'isolation' ||
      better === null ||
      better === 'neither'
    )
      return [];
    if (ratio === null || !Number.isFinite(ratio) || p === null) return [];
    const values = valuesOf(row);
    if (values === null) return [];
    const sign = better === 'higher' ? -1 : 1;
    return [{ row, logCosts: new Map([...values.logRatios].map(([block, log]) => [block, sign * log])) }];
  });
}
