import type { ReportContext } from '../context.ts';
import {
  lineStep,
  multilineLabels,
  plainNumber,
  plotWidth,
  rowScale,
  rowSeparator,
  type Spec,
} from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape } from './palette.ts';
import { logRange, scaleOf } from './scale.ts';

/** A dot with its interval, in the unit of the axis. */
export interface Dot {
  readonly label: string;
  readonly runtime: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface IntervalDots {
  readonly dots: readonly Dot[];
  /** Labels from top to bottom. */
  readonly order: readonly string[];
  readonly axisTitle: string;
  /** Runtimes below each other: `close` lets their dots overlap a little, for many labels. */
  readonly rows: 'close' | 'separate';
}

/** A view of dots with intervals on a log x, a row per label, coloured by runtime. */
export function intervalDots(context: ReportContext, { dots, order, axisTitle, rows }: IntervalDots): Spec {
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
  return {
    width: plotWidth,
    height: { step: rows === 'close' ? lineStep(order, names.length, 6) : lineStep(order, names.length, 15) },
    data: { values },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { ...place, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: rows === 'close' ? 40 : 60, opacity: 0.95 },
        encoding: { ...place, x, color, shape: runtimeShape(context, names) },
      },
    ],
  };
}
