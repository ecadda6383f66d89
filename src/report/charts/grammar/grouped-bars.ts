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
}

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
  const width = narrow ? phonePlot(rows) : plotWidth;
  const x = of.x(zeroRange(greatest, narrow ? 0.4 : 0.2));
  const offset = { field: 'series', type: 'nominal', sort: 'ascending', scale: { domain: series } };
  const place = { y: namedRows('row'), yOffset: offset };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: [...of.series.values()] },
    legend: { columns: legendColumns(series, narrow), symbolType: 'square' },
  };
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
      still({ type: 'bar' }, { ...place, x, color }),
      still({ type: 'rule', strokeWidth: 2, color: ink }, { ...place, ...span(x) }, hasInterval),
      still(endText(5, 10), { ...place, x: { ...x, field: 'end' }, text: { field: 'label' } }),
    ],
  };
}
