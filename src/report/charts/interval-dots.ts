import type { ReportContext } from '../context.ts';
import {
  lineStep,
  multilineLabels,
  plainNumber,
  rowScale,
  rowSeparator,
  type Spec,
  slideWidth,
} from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape } from './palette.ts';
import { logRange, scaleOf } from './scale.ts';
import { tooltip } from './tip.ts';

/** A dot with its interval, in the unit of the axis. */
export interface Dot {
  readonly label: string;
  readonly runtime: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** What it says when it is pointed at. */
  readonly tip: string;
}

interface IntervalDots {
  readonly dots: readonly Dot[];
  /** Labels from top to bottom. */
  readonly order: readonly string[];
  readonly axisTitle: string;
}

/** A view of dots with intervals on a log x, a row per label, coloured by runtime. */
export function intervalDots(context: ReportContext, { dots, order, axisTitle }: IntervalDots): Spec {
  const values = dots.map((dot) => ({ ...dot, runtime: chartName(dot.runtime) }));
  const range = logRange(values.flatMap((dot) => [dot.value, dot.low ?? dot.value, dot.high ?? dot.value]));
  const names = ordered(
    context,
    dots.map((dot) => dot.runtime),
  );
  const labels = names.map(chartName);
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: { title: axisTitle, values: range.ticks, labelExpr: plainNumber },
  };
  const place = {
    y: {
      field: 'label',
      type: 'nominal',
      sort: order,
      scale: rowScale,
      axis: { title: null, ...multilineLabels, ...rowSeparator },
    },
    yOffset: { field: 'runtime', type: 'nominal', sort: labels, scale: { domain: labels } },
  };
  const color = runtimeColor(context, names);
  // Runtimes stand below each other; with many rows their dots overlap a little.
  const step = lineStep(order, names.length, order.length > 12 ? (names.length > 4 ? 3.5 : 4.5) : 12);
  return {
    width: slideWidth(order, step * names.length * order.length * 1.2),
    height: { step },
    data: { values },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { ...place, x: { ...x, field: 'low' }, x2: { field: 'high' }, color, tooltip },
      },
      {
        mark: { type: 'point', filled: true, size: order.length > 12 ? 40 : 60, opacity: 0.95 },
        encoding: { ...place, x, color, shape: runtimeShape(context, names), tooltip },
      },
    ],
  };
}
