import type { SummaryRow } from '../../core/model/analysis/analysis.ts';

export { costRatio, type RatioEstimate, rawRatio } from '../../core/model/analysis/cost-ratio.ts';

/** A row of a headline metric that has a value. */
export type ValueRow = SummaryRow & {
  readonly metric: string;
  readonly unit: NonNullable<SummaryRow['unit']>;
  readonly median: number;
};

/** Narrows to rows that have a value. */
export function hasValue(row: SummaryRow): row is ValueRow {
  return row.metric !== null && row.unit !== null && row.median !== null;
}

/** Is a verdict shown? Not for facts (isolation), which are not costs. */
export function hasVerdict(row: Pick<SummaryRow, 'category' | 'verdict'>): boolean {
  return row.category !== 'isolation' || row.verdict === 'unavailable' || row.verdict === 'baseline';
}
