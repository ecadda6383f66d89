import type { ReportContext } from '../context.ts';
import { plainNumber, round, type Spec } from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape } from './palette.ts';
import { type AxisRange, autoRange, logTicks, scaleOf } from './scale.ts';
import { tooltip } from './tip.ts';

/** A point of a curve, y in the unit of the panel's axis. */
export interface CurvePoint {
  readonly runtime: string;
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  /** What it says when it is pointed at. */
  readonly tip: string;
}

/** One picture of several that stand side by side. */
export interface CurvePanel {
  readonly title: string;
  readonly axisTitle: (log: boolean) => string;
  readonly points: readonly CurvePoint[];
  /** Thin dashed lines in the same colours, without intervals. */
  readonly dashed?: readonly CurvePoint[];
  /** Values that the y axis must hold too, for panels that are to be compared. */
  readonly alike?: readonly number[];
}

interface Curves {
  readonly panels: readonly CurvePanel[];
  readonly xTitle: string;
  /** Width of one panel's plotting area, px. */
  readonly width: number;
}

/** All y values of points, the ends of their intervals included. */
export function extentOf(points: readonly CurvePoint[]): readonly number[] {
  return points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
}

/** A view of panels of curves over a count (log x with the counts as ticks), a line with interval bars per runtime. */
export function curves(context: ReportContext, { panels, xTitle, width }: Curves): Spec {
  const all = panels.flatMap(({ points, dashed = [] }) => [...points, ...dashed]);
  const names = ordered(
    context,
    all.map(({ runtime }) => runtime),
  );
  const counts = [...new Set(all.map(({ x }) => x))].toSorted((a, b) => a - b);
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: xScale(counts),
    axis: { title: xTitle, values: counts, labelExpr: plainNumber, grid: false },
  };
  const color = runtimeColor(context, names);
  const shape = runtimeShape(context, names);
  const data = (points: readonly CurvePoint[]) => ({
    values: points.map((point) => ({
      runtime: chartName(point.runtime),
      x: point.x,
      y: round(point.y),
      low: point.low === null ? null : round(point.low),
      high: point.high === null ? null : round(point.high),
      tip: point.tip,
    })),
  });
  return {
    spacing: 28,
    hconcat: panels.map(({ title, axisTitle, points, dashed = [], alike = [] }) => {
      const range = autoRange([...extentOf(points), ...dashed.map((point) => point.y), ...alike]);
      const ticks = range.log ? logTicks(range.domain[0], range.domain[1], 8) : range.ticks;
      // A label at the very top would lift the title of its panel above the others.
      const below = (tick: number) => position(tick, range) < 0.98;
      const y = {
        field: 'y',
        type: 'quantitative',
        scale: scaleOf(range),
        axis: {
          title: axisTitle(range.log),
          values: ticks.filter(below),
          labelExpr: plainNumber,
          grid: true,
        },
      };
      return {
        width,
        height: 320,
        title: { text: title, fontSize: 12, anchor: 'start', frame: 'group', offset: 8, dx: 0 },
        layer: [
          {
            data: data(dashed),
            mark: { type: 'line', strokeWidth: 1.2, strokeDash: [4, 3], opacity: 0.8 },
            encoding: { x, y, color },
          },
          {
            data: data(points),
            mark: { type: 'line', strokeWidth: 2 },
            encoding: { x, y, color },
          },
          {
            data: data(points),
            transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
          },
          {
            data: data(points),
            mark: { type: 'point', filled: true, size: 55, opacity: 1 },
            encoding: { x, y, color, shape, tooltip },
          },
        ].filter((layer) => layer.data.values.length > 0),
      };
    }),
  };
}

/** Where on its axis a value stands: 0 at the bottom, 1 at the top. */
function position(value: number, { log, domain: [low, high] }: AxisRange): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** Doublings are equally far apart. */
function xScale(counts: readonly number[]): Spec {
  const [first = 1, last = 1] = [counts[0], counts[counts.length - 1]];
  const domain = [Number((first / 1.2).toPrecision(4)), Number((last * 1.2).toPrecision(4))];
  return { type: 'log', base: 2, domain, nice: false };
}
