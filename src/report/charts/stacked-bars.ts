import type { Unit } from '../../model/metric.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit, formatValue } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { legendColumns, plainNumber, round, type Spec } from './chart.ts';
import { chartName, ordered, partColors } from './palette.ts';
import { scaleOf, zeroRange } from './scale.ts';
import { pictureGrid } from './startup-samples.ts';
import { tooltip } from './tip.ts';

/** One part of one bar. */
export interface BarPart {
  readonly subject: string;
  readonly runtime: string;
  readonly part: string;
  readonly value: number;
  /** What it says when it is pointed at. */
  readonly tip: string;
}

interface StackedBars {
  readonly parts: readonly BarPart[];
  /** Names of the parts from left to right, and their colours where they shall be the same in all charts. */
  readonly order: readonly string[];
  readonly colors?: readonly string[];
  readonly unit: Unit;
  readonly axisTitle: (unit: string) => string;
  /** A black tick beside the stack, such as a peak. */
  readonly ticks?: readonly { readonly subject: string; readonly runtime: string; readonly value: number }[];
}

/**
 * A view of horizontal stacked bars from zero, a row of bars per subject and a bar per runtime, with the sum at
 * its end. Linear always: parts on a log scale would lie about their sizes.
 */
export function stackedBars(context: ReportContext, bars: StackedBars): Spec {
  const { lang } = context;
  const { parts, order, ticks = [] } = bars;
  const totals = [
    ...Map.groupBy(parts, ({ subject, runtime }) => JSON.stringify([subject, runtime])).values(),
  ].flatMap((group) => {
    const first = group[0];
    const sum = group.reduce((total, { value }) => total + value, 0);
    return first === undefined ? [] : [{ subject: first.subject, runtime: first.runtime, sum }];
  });
  const greatest = Math.max(...totals.map(({ sum }) => sum), ...ticks.map(({ value }) => value));
  const unit = displayUnit(bars.unit, greatest, lang);
  const grid = pictureGrid(new Set(parts.map(({ subject }) => subject)).size);
  const range = zeroRange(greatest / unit.factor, grid.columns > 1 ? 0.22 : 0.15);
  const names = ordered(
    context,
    parts.map(({ runtime }) => runtime),
  ).map(chartName);
  const subjects = [...new Set(parts.map(({ subject }) => plainText(subject)))];
  const place = (item: { readonly subject: string; readonly runtime: string }) => ({
    subject: plainText(item.subject),
    runtime: chartName(item.runtime),
  });
  const values = [
    ...parts.map((part) => ({
      ...place(part),
      part: part.part,
      rank: order.indexOf(part.part),
      value: round(part.value / unit.factor),
      tip: part.tip,
    })),
    ...totals.map((total) => {
      const tick = ticks.find((t) => t.subject === total.subject && t.runtime === total.runtime);
      return {
        ...place(total),
        end: round(
          labelEnd(total.sum, tick?.value ?? 0, (range.domain[1] * unit.factor * 70) / grid.width) /
            unit.factor,
        ),
        label: formatValue(total.sum, bars.unit, lang),
      };
    }),
    ...ticks.map((tick) => ({ ...place(tick), tick: round(tick.value / unit.factor) })),
  ];
  const y = {
    field: 'runtime',
    type: 'nominal',
    sort: names,
    scale: { domain: names },
    axis: { title: null },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: scaleOf(range),
    axis: { title: bars.axisTitle(unit.name), values: range.ticks, labelExpr: plainNumber },
  });
  return {
    data: { values },
    facet: {
      field: 'subject',
      type: 'nominal',
      sort: subjects,
      header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start', labelLimit: grid.width },
    },
    columns: grid.columns,
    spacing: 14,
    spec: {
      width: grid.width,
      height: { step: subjects.length > 3 ? 26 : 30 },
      layer: [
        {
          transform: [{ filter: 'isValid(datum.part)' }],
          mark: { type: 'bar', height: 19, stroke: 'white', strokeWidth: 0.8 },
          encoding: {
            y,
            x: { ...x('value'), stack: 'zero' },
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: order, range: bars.colors ?? partColors.slice(0, order.length) },
              legend: { columns: legendColumns(order), symbolType: 'square' },
            },
            order: { field: 'rank', type: 'quantitative' },
            tooltip,
          },
        },
        {
          transform: [{ filter: 'isValid(datum.tick)' }],
          mark: { type: 'tick', thickness: 2.5, size: 25, color: '#1f2328', opacity: 1 },
          encoding: { y, x: x('tick') },
        },
        {
          transform: [{ filter: 'isValid(datum.label)' }],
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, fontSize: 10, color: '#1f2328' },
          encoding: { y, x: x('end'), text: { field: 'label' } },
        },
      ],
    },
  };
}

/** Where the label starts: at the bar's end, unless a tick stands where the label would be. */
function labelEnd(sum: number, tick: number, room: number): number {
  return tick > sum && tick - sum < room ? tick : sum;
}
