import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Unit } from '../../../core/model/workload/metric.ts';
import { displayUnit, formatRatio, formatValue } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import { plainText } from '../../document/sanitize.ts';
import { costRatio, type ValueRow } from '../../findings/row-guards.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './chart.ts';
import { endLabels, hasInterval, layer, rowTip, runtimeLines, tooltip } from './dots.ts';
import { facets, pictureGrid } from './facets.ts';
import { legendColumns, round, scaled } from './layout.ts';
import { picking } from './live.ts';
import { chartName, runtimesOf } from './palette.ts';
import { zeroRange } from './scale.ts';
import { ink } from './theme.ts';
import { chartWords } from './words.ts';

/** Font size of the text after a bar, px. */
const labelSize = 10;
/** Minimum share of a whole that is drawn as a rest. */
const leastRest = 0.05;

/** A part of the bars: its name, its colour, and the rows with its size. */
export interface BarPart {
  readonly name: Message;
  readonly color: string;
  readonly rows: readonly ValueRow[];
}

interface StackedBars {
  /** Parts from left to right. */
  readonly parts: readonly BarPart[];
  readonly unit: Unit;
  readonly axisTitle: (unit: string) => Message;
  /** Text after the sum of a bar, given one of its rows; may be empty. */
  readonly beside?: (row: ValueRow) => string;
  /** Rows of whole bars, with their intervals as lines; a bar without one is the sum of its parts. */
  readonly wholes?: readonly ValueRow[];
  /** Name and colour of the rest: the part of a whole that no part covers, if large enough to see. */
  readonly rest?: Omit<BarPart, 'rows'>;
  /** Print the ratio to the baseline on each part that is wide enough? */
  readonly ratios?: boolean;
  /** Values drawn as black ticks on the stack, such as a peak; `name`: in the legend. */
  readonly ticks?: { readonly name: Message; readonly rows: readonly ValueRow[] };
}

/**
 * A view of horizontal stacked bars from zero: a row of bars per subject and a bar per runtime, with the sum at its
 * end. Always linear: a log scale would misrepresent the sizes of parts.
 */
export function stackedBars(context: ChartContext, bars: StackedBars): Spec {
  const { lang, narrow } = context;
  const ticks = bars.ticks?.rows ?? [];
  const peak = bars.ticks === undefined ? null : translate(bars.ticks.name, lang);
  const parts = bars.parts.map((part) => ({ ...part, name: translate(part.name, lang) }));
  const rows = parts.flatMap((part) => part.rows);
  const totals = totalsOf(rows, bars, lang);
  const rests = totals.filter(({ rest }) => rest > 0);
  const greatest = Math.max(
    ...totals.flatMap(({ sum, ciHigh }) => [sum, ciHigh ?? 0]),
    ...ticks.map(({ median }) => median),
  );
  const unit = displayUnit(bars.unit, greatest, lang);
  const restName = bars.rest === undefined ? '' : translate(bars.rest.name, lang);
  const subjects = [...new Set(rows.map((row) => plainText(subjectLabel(row))))];
  const runtimes = runtimesOf(rows, context);
  const grid = pictureGrid(subjects.length, runtimes, context);
  const room = 16 + labelSize * 0.62 * Math.max(...totals.map(({ label }) => label.length));
  const range = zeroRange(greatest / unit.factor, room / (grid.width - room));
  /** Width of an amount, px. */
  const sizeOf = (amount: number) => (amount / unit.factor / range.domain[1]) * grid.width;
  const values = [
    ...parts.flatMap((part, rank) =>
      part.rows.map((row) => ({
        ...placeOf(row),
        part: part.name,
        rank,
        value: round(row.median / unit.factor),
        ...(bars.ratios === true && {
          times: timesOn(row, sizeOf(row.median), lang),
          on: isDark(part.color),
        }),
        tip: rowTip(row, context),
      })),
    ),
    ...rests.map(({ row, rest }) => ({
      ...placeOf(row),
      part: restName,
      rank: parts.length,
      value: round(rest / unit.factor),
      times: '',
      tip: `${chartName(row.runtime)}, ${plainText(subjectLabel(row))}\n${restName}: ${formatValue(rest, bars.unit, lang)}`,
    })),
    ...totals.map(({ row, sum, ciLow, ciHigh, label }) => {
      const tick = ticks.find((one) => barOf(one) === barOf(row))?.median ?? 0;
      const overlaps = tick > sum && sizeOf(tick - sum) < room;
      return {
        ...placeOf(row),
        low: scaled(ciLow, unit.factor),
        high: scaled(ciHigh, unit.factor),
        end: round(Math.max(overlaps ? tick : sum, ciHigh ?? 0) / unit.factor),
        label,
      };
    }),
    ...gapsIn(rows, runtimes, lang),
    ...ticks.map((row) => ({ ...placeOf(row), tick: round(row.median / unit.factor), peak })),
  ];
  const y = runtimeLines();
  const x = (field: string) => valueAxis(context, range, bars.axisTitle(unit.name), { field });
  const named = [
    ...parts,
    ...(bars.rest === undefined || rests.length === 0 ? [] : [{ ...bars.rest, name: restName }]),
  ];
  const legend = named.map(({ name }) => name);
  const color = {
    field: 'part',
    type: 'nominal',
    scale: { domain: legend, range: named.map((part) => part.color) },
    legend: { columns: legendColumns(legend, narrow), symbolType: 'square' },
  };
  const order = { field: 'rank', type: 'quantitative' };
  const place = { y, x: { ...x('value'), stack: 'zero' }, order };
  return facets(values, subjects, grid, {
    height: { step: subjects.length > 3 ? 26 : 30 },
    layer: [
      picking(
        layer(
          { type: 'bar', height: 19, stroke: 'white', strokeWidth: 0.8 },
          { ...place, color, tooltip },
          'isValid(datum.part)',
        ),
        'part',
        'legend',
      ),
      ...(bars.ratios === true ? [ratioTexts(place)] : []),
      layer(
        { type: 'tick', thickness: 2.5, size: 25, color: ink, opacity: 1 },
        { y, x: x('tick'), ...(peak !== null && { fill: tickLegend(peak) }) },
        'isValid(datum.tick)',
      ),
      ...(bars.wholes === undefined
        ? []
        : [
            layer(
              // Drawn below the texts on the parts.
              { type: 'rule', strokeWidth: 1.6, yOffset: 7, color: ink },
              { y, x: x('low'), x2: { field: 'high' } },
              hasInterval,
            ),
          ]),
      endLabels({ y, x: x('end') }, 6, labelSize, 'isValid(datum.label)'),
    ],
  });
}

/** Data of each bar: one of its rows, length, rest, interval, and the text after it. */
function totalsOf(rows: readonly ValueRow[], bars: StackedBars, lang: Lang) {
  const wholes = new Map((bars.wholes ?? []).map((row) => [barOf(row), row]));
  return [...Map.groupBy(rows, barOf).values()].flatMap((group) => {
    const row = group[0];
    if (row === undefined) return [];
    const parts = group.reduce((total, { median }) => total + median, 0);
    const whole = wholes.get(barOf(row)) ?? { median: parts, ciLow: null, ciHigh: null };
    const more = bars.beside?.(row) ?? '';
    const shown = formatValue(whole.median, bars.unit, lang);
    const label = more === '' ? shown : `${shown} (${more})`;
    const left = whole.median - parts;
    const rest = bars.rest !== undefined && left > leastRest * whole.median ? left : 0;
    return [{ row, sum: parts + rest, rest, ciLow: whole.ciLow, ciHigh: whole.ciHigh, label }];
  });
}

/** Ratios in the middle of their parts. */
function ratioTexts({ x, ...place }: Spec): Spec {
  // Not `ink` and `white`, which dark pages recolour.
  const color = { condition: { test: 'datum.on', value: '#ffffff' }, value: '#101418' };
  return layer(
    { type: 'text', fontSize: 9, baseline: 'middle' },
    {
      ...place,
      x: { ...(x as Spec), bandPosition: 0.5 },
      detail: { field: 'part', type: 'nominal' },
      text: { field: 'times', type: 'nominal' },
      color,
      tooltip,
    },
    'isValid(datum.part)',
  );
}

/** `2.7×` for a part that is `size` px wide; empty for the baseline, and if it does not fit. */
function timesOn(row: ValueRow, size: number, lang: Lang): string {
  const text = timesOf(row, lang);
  return size < text.length * 5.8 + 4 ? '' : text;
}

/** `2.7×`, or `2.7× ?` if it is inconclusive; empty for the baseline, and without a ratio. */
export function timesOf(row: ValueRow, lang: Lang): string {
  const cost = costRatio(row);
  if (cost === null || row.verdict === 'baseline') return '';
  return `${formatRatio(cost.ratio, lang)}${row.verdict === 'inconclusive' ? '\u00a0?' : ''}`;
}

/** Is a colour such as `#332288` dark enough for white text? */
function isDark(color: string): boolean {
  const parts = (color.match(/[\da-f]{2}/g) ?? []).map((part) => Number.parseInt(part, 16));
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.299 * red + 0.587 * green + 0.114 * blue <= 130;
}

/** The constant colour of ticks as an encoding, which gives them an entry in the legend. */
function tickLegend(name: string): Spec {
  const legend = { symbolType: 'M-0.2,-1L0.2,-1L0.2,1L-0.2,1Z', symbolStrokeWidth: 0 };
  return { field: 'peak', type: 'nominal', scale: { domain: [name], range: [ink] }, legend };
}

/** Key of a bar: its subject and runtime. */
export function barOf(row: ValueRow): string {
  return JSON.stringify([subjectLabel(row), row.runtime]);
}

/** Texts in place of missing bars: of a subject under a runtime that other subjects have. */
export function gapsIn(rows: readonly ValueRow[], runtimes: readonly string[], lang: Lang) {
  const present = new Set(rows.map(barOf));
  return [...Map.groupBy(rows, subjectLabel).values()].flatMap(([row]) =>
    runtimes.flatMap((runtime) =>
      row === undefined || present.has(barOf({ ...row, runtime }))
        ? []
        : [{ ...placeOf({ ...row, runtime }), end: 0, label: translate(chartWords.noValue, lang) }],
    ),
  );
}

function placeOf(row: ValueRow) {
  return { subject: plainText(subjectLabel(row)), runtime: chartName(row.runtime) };
}
