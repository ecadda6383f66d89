import type { Message } from '../../../core/messages/message.ts';
import { valueAxis } from './axis.ts';
import type { Room, Spec } from './chart.ts';
import { endText, hasInterval, namedRows, span, still } from './dots.ts';
import { legendColumns, phonePlot, plotWidth } from './layout.ts';
import { placed } from './live.ts';
import { type AxisRange, zeroRange } from './scale.ts';
import { ink } from './theme.ts';

/** A bar: `end` is where it and its interval end. */
export interface GroupedBar {
  readonly row: string;
  readonly series: string;
  readonly value: number;
  readonly end: number;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly label: string;
  /** Colour of its own, instead of that of its series; either all bars have one or none. */
  readonly color?: string;
  /** Does it stand back behind the others of its row? */
  readonly isFaint?: boolean;
}

/** Opacity of bars that stand back. */
const faint = 0.45;

/** Bars from zero in rows, one of each series, with intervals and labels: for pictures without scripts. */
export function groupedBars(
  room: Room,
  of: {
    readonly values: readonly GroupedBar[];
    /** Series from top to bottom, with their colours. */
    readonly series: ReadonlyMap<string, string>;
    readonly greatest: number;
    readonly x: (range: AxisRange) => Spec;
  },
): Spec {
  const { narrow } = room;
  const { values, greatest } = of;
  const series = [...of.series.keys()];
  const rows = [...new Set(values.map(({ row }) => row))];
  const isOwn = values.some(({ color }) => color !== undefined);
  const width = narrow ? phonePlot(rows) : plotWidth;
  // Bars without a legend have their series in their labels.
  const labels = 16 + 6.2 * Math.max(0, ...values.map(({ label }) => label.length));
  const share = Math.min(0.6, labels / width);
  const x = of.x(zeroRange(greatest, isOwn ? share / (1 - share) : narrow ? 0.4 : 0.2));
  const offset = { field: 'series', type: 'nominal', sort: 'ascending', scale: { domain: series } };
  const place = { y: namedRows('row'), yOffset: offset };
  const color = isOwn
    ? { field: 'color', type: 'nominal', scale: null }
    : {
        field: 'series',
        type: 'nominal',
        scale: { domain: series, range: [...of.series.values()] },
        legend: { columns: legendColumns(series, narrow), symbolType: 'square' },
      };
  const opacity = { condition: { test: 'datum.isFaint', value: faint }, value: 1 };
  return {
    data: {
      values: placed(
        values.map((value) => ({ ...value })),
        'row',
        rows,
      ),
    },
    width,
    height: { step: 16, for: 'offset' },
    layer: [
      still({ type: 'bar' }, { ...place, x, color, ...(isOwn && { opacity }) }),
      ...endMarks(place, x, 5),
    ],
  };
}

/** An axis of whole numbers, up to `most`. */
export function countAxis(room: Room, range: AxisRange, title: Message, most: number): Spec {
  const values = range.ticks.filter((tick) => Number.isInteger(tick) && tick <= most);
  return valueAxis(room, range, title, { values, ...(room.narrow && { labelOverlap: true }) });
}

/** Intervals, if any, and labels `dx` px after the bars. */
export function endMarks(place: Spec, x: Spec, dx: number): readonly Spec[] {
  return [
    still({ type: 'rule', strokeWidth: 2, color: ink }, { ...place, ...span(x) }, hasInterval),
    still(endText(dx, 10), { ...place, x: { ...x, field: 'end' }, text: { field: 'label' } }),
  ];
}
