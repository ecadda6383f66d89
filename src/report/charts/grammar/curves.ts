import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { plainNumber, valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './chart.ts';
import { dotStyle, hasInterval, layer, tooltip } from './dots.ts';
import { phoneWidth, round, scaled } from './layout.ts';
import { picking, shownData } from './live.ts';
import { chartName, runtimesOf } from './palette.ts';
import { type AxisRange, autoRange, logTicks } from './scale.ts';
import { axisTitle } from './words.ts';

/** A point of a curve, y in the unit of the panel's axis. */
export interface CurvePoint {
  readonly runtime: string;
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Cost relative to the baseline, as text; empty for the baseline. */
  readonly times: string;
  /** Text of the tooltip. */
  readonly tip: string;
}

/** One of several panels, drawn side by side. */
export interface CurvePanel {
  readonly title: Message;
  /** Title of the y axis. */
  readonly axis: Message;
  readonly points: readonly CurvePoint[];
  /** Drawn as thin dashed lines in the same colours, without intervals. */
  readonly dashed?: readonly CurvePoint[];
  /** Further points that the y axis must include, so that panels can be compared. */
  readonly alike?: readonly CurvePoint[];
}

/**
 * A view of panels of curves over a count (log x with the counts as ticks): per runtime a line with interval bars.
 * `width`: total width of the panels, px.
 */
export function curves(
  context: ChartContext,
  panels: readonly CurvePanel[],
  { xTitle, width }: { readonly xTitle: Message; readonly width: number },
): Spec {
  const { lang, narrow } = context;
  const all = panels.flatMap(({ points, dashed = [] }) => [...points, ...dashed]);
  const names = runtimesOf(all, context);
  const counts = [...new Set(all.map(({ x }) => x))].toSorted((a, b) => a - b);
  const place = dodged(names);
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: doublings(counts),
    axis: { title: translate(xTitle, lang), values: counts, labelExpr: plainNumber, grid: false },
  };
  const { color, shape } = dotStyle(context, names);
  const panel = ({ title, axis, points, dashed = [], alike = [] }: CurvePanel, i: number) => {
    const extent = [...extentOf([...points, ...alike]), ...dashed.map((point) => point.y)];
    const range = autoRange(extent);
    const ticks = range.log ? logTicks(range.domain[0], range.domain[1], 8) : range.ticks;
    // A label at the very top would move the title of its panel above the others.
    const values = ticks.filter((tick) => position(tick, range) < 0.98);
    const y = valueAxis(context, range, axisTitle(axis, range.log), { field: 'y', values, grid: true });
    const at = { x, y, color };
    // A log axis cannot show an end at zero: the line goes down to its edge.
    const drawn = range.log
      ? points.map((point) => ({
          ...point,
          low: point.low === null ? null : Math.max(point.low, range.domain[0]),
        }))
      : points;
    const interval = { ...at, y: { ...y, field: 'low' }, y2: { field: 'high' } };
    const heading = { fontSize: 12, anchor: 'start', frame: 'group', offset: 8, dx: 0 };
    const marks = [
      ...ofPoints(
        dashed,
        place,
        layer({ type: 'line', strokeWidth: 1.2, strokeDash: [4, 3], opacity: 0.8 }, at),
      ),
      ...ofPoints(drawn, place, layer({ type: 'line', strokeWidth: 2 }, at)),
      ...ofPoints(drawn, place, layer({ type: 'rule', strokeWidth: 2 }, interval, hasInterval)),
      ...ofPoints(
        drawn,
        place,
        layer({ type: 'point', filled: true, size: 55, opacity: 1 }, { ...at, shape, tooltip }),
      ),
    ];
    const [first, ...others] = marks;
    return {
      width: narrow ? phoneWidth - 60 : Math.round(width / panels.length),
      height: narrow ? 200 : 320,
      title: { text: translate(title, lang), ...heading },
      // The panels share one legend.
      layer: i === 0 && first !== undefined ? [picking(first, 'runtime', 'legend'), ...others] : marks,
    };
  };
  return { spacing: 28, [narrow ? 'vconcat' : 'hconcat']: panels.map(panel) };
}

/** Offsets of runtimes on the axis of doublings, so that their intervals do not overlap. */
function dodged(names: readonly string[]): (point: CurvePoint) => number {
  const step = Math.min(0.06, 0.3 / names.length);
  return ({ runtime, x }) => x * 2 ** ((names.indexOf(runtime) - (names.length - 1) / 2) * step);
}

/** A layer with its own data; no layer if there are no points. */
function ofPoints(
  points: readonly CurvePoint[],
  place: (point: CurvePoint) => number,
  marks: Spec,
): readonly Spec[] {
  const values = points.map((point) => {
    const { runtime, x, y, low, high, tip } = point;
    return {
      runtime: chartName(runtime),
      x,
      at: round(place(point)),
      y: round(y),
      low: scaled(low, 1),
      high: scaled(high, 1),
      tip,
    };
  });
  const { data, transform } = shownData(values);
  const own = (marks.transform ?? []) as readonly Spec[];
  return values.length === 0 ? [] : [{ ...marks, data, transform: [...transform, ...own] }];
}

/** All y values of points, including the ends of their intervals; an end at zero does not forbid a log scale. */
function extentOf(points: readonly CurvePoint[]): readonly number[] {
  return points.flatMap(({ y, low, high }) => [y, low === 0 ? y : (low ?? y), high ?? y]);
}

/** Relative position of a value on its axis: 0 at the bottom, 1 at the top. */
function position(value: number, { log, domain: [low, high] }: AxisRange): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** A log scale of counts: doublings are equally far apart. */
function doublings(counts: readonly number[]): Spec {
  const [first = 1, last = 1] = [counts[0], counts[counts.length - 1]];
  const domain = [Number((first / 1.2).toPrecision(4)), Number((last * 1.2).toPrecision(4))];
  return { type: 'log', base: 2, domain, nice: false };
}
