import type { Message } from '../../../core/messages/message.ts';
import type { Analysis } from '../../../core/model/analysis.ts';
import { plainText } from '../../sanitize.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Room, Spec } from './define.ts';
import { span } from './dots.ts';
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

/** An `x` of cost ratios. `inverted`: do some of them come from rates? */
export function ratioAxis(context: ChartContext, range: AxisRange, field: string, inverted: boolean): Spec {
  return timesAxis(context, range, costTitle(context.analysis.baseline, inverted), { field });
}

/** An `x` of ratios on a log scale with ticks such as `2×`. */
export function timesAxis(room: Room, range: AxisRange, title: Message, axis: Spec = {}): Spec {
  return valueAxis(room, range, title, { labelExpr: "format(datum.value, '~g') + '×'", ...axis });
}

/** The title of an axis of costs. */
export function costTitle(baseline: string, inverted: boolean): Message {
  return chartWords.costAxis({ baseline: plainText(baseline), inverted: inverted ? 'yes' : 'no' });
}

/** Background of ratio charts: the equivalence band, and the line of equal cost. */
export function ratioBackground(analysis: Pick<Analysis, 'thresholds'>): readonly Spec[] {
  const [low, high] = practicalEdges(analysis);
  const x = { type: 'quantitative' };
  return [
    bandBehind(x, round(low), round(high), { color: grey, opacity: 0.22 }),
    lineAt(x, 1, { color: ink, strokeWidth: 1.2 }),
  ];
}

/** A band over the whole height, from one value of `x` to another. */
export function bandBehind(x: Spec, low: number, high: number, mark: Spec): Spec {
  return { data: { values: [{ low, high }] }, mark: { type: 'rect', ...mark }, encoding: span(x) };
}

/** A line over the whole height at a value of `x`. */
export function lineAt(x: Spec, at: number, mark: Spec): Spec {
  return {
    data: { values: [{ at }] },
    mark: { type: 'rule', ...mark },
    encoding: { x: { ...x, field: 'at' } },
  };
}
