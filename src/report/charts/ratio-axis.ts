import type { Analysis } from '../../model/analysis.ts';
import { round, type Spec } from './chart.ts';
import { type AxisRange, scaleOf } from './scale.ts';

/** Ratios beyond this factor either way are drawn at the edge: one broken interval must not flatten the rest. */
const limit = 1000;

/** A ratio as it is drawn. */
export function clipRatio(value: number): number {
  return Math.min(limit, Math.max(1 / limit, value));
}

/** Between these ratios a difference is of no practical matter. */
export function practicalEdges({ thresholds }: Pick<Analysis, 'thresholds'>): readonly [number, number] {
  return [1 / (1 + thresholds.practical), 1 + thresholds.practical];
}

/** An `x` of cost ratios on a log scale with ticks such as `2×`; the field is the caller's. */
export function ratioAxis(range: AxisRange, title: string): Spec {
  return {
    type: 'quantitative',
    scale: scaleOf(range),
    axis: { title, values: range.ticks, labelExpr: "format(datum.value, '~g') + '×'" },
  };
}

/** Behind the dots of ratios: the band of no practical matter, and the line where both cost the same. */
export function ratioBackground(analysis: Pick<Analysis, 'thresholds'>): readonly Spec[] {
  const [low, high] = practicalEdges(analysis);
  return [
    {
      data: { values: [{ low: round(low), high: round(high) }] },
      mark: { type: 'rect', color: '#8c959f', opacity: 0.22 },
      encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
    },
    {
      data: { values: [{ one: 1 }] },
      mark: { type: 'rule', color: '#1f2328', strokeWidth: 1.2 },
      encoding: { x: { field: 'one', type: 'quantitative' } },
    },
  ];
}
