import type { Analysis } from '../../../core/model/analysis.ts';
import { plainText } from '../../sanitize.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './define.ts';
import { round } from './layout.ts';
import { type AxisRange, logRange } from './scale.ts';
import { grey, ink } from './theme.ts';
import { chartWords } from './words.ts';

/**
 * Ratios beyond this factor in either direction are drawn at the edge: one broken interval must not flatten the rest.
 */
const limit = 1000;

/** Limits a ratio to the drawn range. */
export function clipRatio(value: number): number {
  return Math.min(limit, Math.max(1 / limit, value));
}

/** Limits and rounds a ratio for drawing; null stays null. */
export function drawnRatio<T extends number | null>(value: T): T {
  return (value === null ? null : round(clipRatio(value))) as T;
}

/** The ratios between which a difference has no practical relevance. */
function practicalEdges({ thresholds }: Pick<Analysis, 'thresholds'>): readonly [number, number] {
  return [1 / (1 + thresholds.practical), 1 + thresholds.practical];
}

/** A range for cost ratios that includes the equivalence band. */
export function ratioRange(analysis: Pick<Analysis, 'thresholds'>, ratios: readonly number[]): AxisRange {
  return logRange([...practicalEdges(analysis), ...ratios.map(clipRatio)]);
}

/** An `x` of cost ratios on a log scale with ticks such as `2×`. `inverted`: do some of them come from rates? */
export function ratioAxis(context: ChartContext, range: AxisRange, field: string, inverted: boolean): Spec {
  const baseline = plainText(context.analysis.baseline);
  const title = chartWords.costAxis({ baseline, inverted: inverted ? 'yes' : 'no' });
  return valueAxis(context, range, title, { field, labelExpr: "format(datum.value, '~g') + '×'" });
}

/** Background of ratio charts: the equivalence band, and the line of equal cost. */
export function ratioBackground(analysis: Pick<Analysis, 'thresholds'>): readonly Spec[] {
  const [low, high] = practicalEdges(analysis);
  return [
    {
      data: { values: [{ low: round(low), high: round(high) }] },
      mark: { type: 'rect', color: grey, opacity: 0.22 },
      encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
    },
    {
      data: { values: [{ one: 1 }] },
      mark: { type: 'rule', color: ink, strokeWidth: 1.2 },
      encoding: { x: { field: 'one', type: 'quantitative' } },
    },
  ];
}
