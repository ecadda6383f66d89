import type { Message } from '../../../messages/message.ts';
import { translate } from '../../../messages/translate.ts';
import type { Unit } from '../../../model/metric.ts';
import type { ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import { displayUnit, formatValue } from '../../format.ts';
import { subjectLabel } from '../../labels.ts';
import { plainText } from '../../sanitize.ts';
import { valueAxis } from './axis.ts';
import type { Spec } from './define.ts';
import { endLabels, layer, runtimeLines } from './dots.ts';
import { facets, pictureGrid } from './facets.ts';
import { legendColumns, round } from './layout.ts';
import { chartName, runtimesOf } from './palette.ts';
import { zeroRange } from './scale.ts';
import { ink } from './theme.ts';
import { rowTip, tooltip } from './tip.ts';

/** A part of the bars: its name, its colour, and the rows with its size. */
export interface BarPart {
  readonly name: Message;
  readonly color: string;
  readonly rows: readonly ValueRow[];
}

interface StackedBars {
  /** From left to right. */
  readonly parts: readonly BarPart[];
  readonly unit: Unit;
  readonly axisTitle: (unit: string) => Message;
  /** Drawn as a black tick on the stack, such as a peak, with a name in the legend. */
  readonly ticks?: { readonly name: Message; readonly rows: readonly ValueRow[] };
}

/**
 * A view of horizontal stacked bars from zero: a row of bars per subject and a bar per runtime, with the sum at its
 * end. Always linear: a log scale would misrepresent the sizes of parts.
 */
export function stackedBars(context: ReportContext, bars: StackedBars): Spec {
  const { lang } = context;
  const ticks = bars.ticks?.rows ?? [];
  const peak = bars.ticks === undefined ? null : translate(bars.ticks.name, lang);
  const parts = bars.parts.map((part) => ({ ...part, name: translate(part.name, lang) }));
  const legend = parts.map(({ name }) => name);
  const rows = parts.flatMap((part) => part.rows);
  const totals = [...Map.groupBy(rows, barOf).values()].flatMap((group) => {
    const row = group[0];
    const sum = group.reduce((total, { median }) => total + median, 0);
    return row === undefined ? [] : [{ row, sum }];
  });
  const greatest = Math.max(...totals.map(({ sum }) => sum), ...ticks.map(({ median }) => median));
  const unit = displayUnit(bars.unit, greatest, lang);
  const subjects = [...new Set(rows.map((row) => plainText(subjectLabel(row))))];
  const { columns, width } = pictureGrid(subjects.length);
  const range = zeroRange(greatest / unit.factor, columns > 1 ? 0.22 : 0.15);
  const room = (range.domain[1] * unit.factor * 70) / width;
  const values = [
    ...parts.flatMap((part, rank) =>
      part.rows.map((row) => ({
        ...placeOf(row),
        part: part.name,
        rank,
        value: round(row.median / unit.factor),
        tip: rowTip(row, context),
      })),
    ),
    ...totals.map(({ row, sum }) => {
      const tick = ticks.find((one) => barOf(one) === barOf(row))?.median ?? 0;
      return {
        ...placeOf(row),
        end: round(labelEnd(sum, tick, room) / unit.factor),
        label: formatValue(sum, bars.unit, lang),
      };
    }),
    ...ticks.map((row) => ({ ...placeOf(row), tick: round(row.median / unit.factor), peak })),
  ];
  const y = runtimeLines(runtimesOf(rows, context));
  const x = (field: string) => valueAxis(context, range, bars.axisTitle(unit.name), { field });
  const color = {
    field: 'part',
    type: 'nominal',
    scale: { domain: legend, range: parts.map((part) => part.color) },
    legend: { columns: legendColumns(legend), symbolType: 'square' },
  };
  const order = { field: 'rank', type: 'quantitative' };
  return facets(values, subjects, {
    height: { step: subjects.length > 3 ? 26 : 30 },
    layer: [
      layer(
        { type: 'bar', height: 19, stroke: 'white', strokeWidth: 0.8 },
        { y, x: { ...x('value'), stack: 'zero' }, color, order, tooltip },
        'isValid(datum.part)',
      ),
      layer(
        { type: 'tick', thickness: 2.5, size: 25, color: ink, opacity: 1 },
        { y, x: x('tick'), ...(peak !== null && { fill: tickLegend(peak) }) },
        'isValid(datum.tick)',
      ),
      endLabels({ y, x: x('end') }, 6, 10, 'isValid(datum.label)'),
    ],
  });
}

/** The colour of ticks, which all look alike, as an encoding: so the legend has an entry for them. */
function tickLegend(name: string): Spec {
  const legend = { symbolType: 'M-0.2,-1L0.2,-1L0.2,1L-0.2,1Z', symbolStrokeWidth: 0 };
  return { field: 'peak', type: 'nominal', scale: { domain: [name], range: [ink] }, legend };
}

/** Key of a bar: its subject and runtime. */
export function barOf(row: ValueRow): string {
  return JSON.stringify([subjectLabel(row), row.runtime]);
}

function placeOf(row: ValueRow) {
  return { subject: plainText(subjectLabel(row)), runtime: chartName(row.runtime) };
}

/** Where the label starts: at the bar's end, or after a tick that would overlap it. */
function labelEnd(sum: number, tick: number, room: number): number {
  return tick > sum && tick - sum < room ? tick : sum;
}
