import type { Message } from '../../../core/messages/message.ts';
import type { Analysis } from '../../../core/model/analysis/analysis.ts';
import { plainText } from '../../document/sanitize.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Room, Spec } from './chart.ts';
import { layer, span, tooltip } from './dots.ts';
import { round } from './layout.ts';
import { byPlace, fading, isPicked, picking, placed, shownData } from './live.ts';
import { type AxisRange, logRange, logTicks } from './scale.ts';
import { grey, ink, soft } from './theme.ts';
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

/** An `x` encoding of cost ratios. `inverted`: do some of them come from rates? */
export function ratioAxis(context: ChartContext, range: AxisRange, field: string, inverted: boolean): Spec {
  return timesAxis(context, range, costTitle(context.analysis.baseline, inverted), { field });
}

/** An `x` encoding of ratios on a log scale, with ticks such as `2×`. */
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

/**
 * From cheaper to more expensive: ColorBrewer's "PuOr", distinguishable with any colour blindness. The number of
 * colours is odd, and the middle one means no difference.
 */
const colors = ['#542788', '#998ec3', '#d8daeb', '#f7f7f7', '#fee0b6', '#f1a340', '#b35806'];

/** Opacity of inconclusive cells: shows the direction without emphasis. */
const pale = 0.25;
const border = { stroke: 'white', strokeWidth: 1.5 };
/** Filter for cells with a ratio. */
const isRatio = 'isValid(datum.ratio)';

const middle = (colors.length - 1) / 2;

/** A cell with a label; coloured if it has a ratio. */
export interface HeatCell {
  /** Label of its row. */
  readonly call: string;
  readonly column: string;
  readonly runtime: string;
  readonly label: string;
  readonly ratio: number | null;
  /** Is the ratio inconclusive? Then its colour is pale. */
  readonly unsure: boolean;
  /** Text of the tooltip. */
  readonly tip: string;
}

interface HeatMap {
  /** Cells of each panel; panels are side by side. */
  readonly panels: readonly (readonly HeatCell[])[];
  /** Column labels from left to right, and the width of a column, px. */
  readonly columns: readonly string[];
  readonly columnWidth: number;
  /** The factor, in either direction, at which the colour scale ends. */
  readonly limit: number;
  readonly legend: string;
  /** For a phone? */
  readonly narrow: boolean;
}

/** A view of panels of rows × columns, coloured by ratio on a log scale that is symmetric around 1×. */
export function heatMap({ panels, columns, columnWidth, limit, legend, narrow }: HeatMap): Spec {
  const stops = colors.map((_, i) => Number((limit ** ((2 * i) / (colors.length - 1) - 1)).toPrecision(6)));
  const least = Math.min(1, ...panels.flat().flatMap(({ ratio }) => ratio ?? []));
  // The scale covers only the range of the cells: most runtimes cost more, so half of a symmetric legend would be useless.
  const first = Math.max(
    0,
    Math.min(
      middle - 1,
      stops.findLastIndex((stop) => stop <= least),
    ),
  );
  const domain = stops.slice(first);
  const color = {
    field: 'ratio',
    type: 'quantitative',
    scale: { type: 'log', domain, range: colors.slice(first), clamp: true },
    legend: {
      title: legend,
      titleFontWeight: 'normal',
      titleFontSize: 11,
      titleLimit: 420,
      titleAnchor: 'start',
      orient: 'bottom',
      direction: 'horizontal',
      gradientLength: narrow ? 240 : 320,
      gradientThickness: 10,
      values: logTicks((domain[0] ?? 1) ** 0.92, limit ** 0.92, narrow ? 5 : 7),
      labelExpr: "format(datum.value, ',~r') + '×'",
    },
  };
  const { condition, value } = fading(1);
  const opacity = {
    condition: [{ test: { and: [isPicked, 'datum.unsure'] }, value: pale }, condition],
    value,
  };
  const inks = {
    condition: [
      { test: "datum.ink === 'light'", value: '#ffffff' },
      { test: "datum.ink === 'soft'", value: soft },
    ],
    // Not `ink`, which dark pages recolour, while the cell behind keeps its colour.
    value: '#101418',
  };
  const place = {
    y: {
      field: 'call',
      type: 'nominal',
      sort: null,
      axis: { title: null, labelLimit: 200, labelPadding: 6 },
    },
    x: {
      field: 'column',
      type: 'nominal',
      sort: byPlace,
      axis: { title: null, orient: 'top', labelAngle: 0, labelLimit: 100, ticks: false, domain: false },
    },
  };
  const panel = (cells: readonly HeatCell[]): Spec => ({
    width: { step: columnWidth },
    height: { step: 22 },
    ...shownData(
      placed(
        cells.map((cell) => drawnCell(cell, limit)),
        'column',
        columns,
      ),
    ),
    layer: [
      // A pale cell needs a light background, since the page may be dark.
      layer({ type: 'rect', color: colors[middle], ...border }, place, isRatio),
      picking(
        layer({ type: 'rect', ...border }, { ...place, color, opacity, tooltip }, isRatio),
        'call',
        'marks',
      ),
      layer(
        { type: 'text', fontSize: narrow ? 9.5 : 10.5, baseline: 'middle' },
        { ...place, text: { field: 'label' }, color: inks, tooltip },
      ),
    ],
  });
  return {
    spacing: 26,
    hconcat: panels.map(panel),
    resolve: { legend: { color: 'shared' }, scale: { color: 'shared' } },
  };
}

function drawnCell({ ratio, ...cell }: HeatCell, limit: number): Spec {
  if (ratio === null) return { ...cell, ink: 'soft' };
  return { ...cell, ratio: drawnRatio(ratio), ink: !cell.unsure && isDark(ratio, limit) ? 'light' : 'dark' };
}

/** Is the cell dark enough for white text? The purple end of the scale darkens earlier than the orange end. */
function isDark(ratio: number, limit: number): boolean {
  const part = Math.log(ratio) / Math.log(limit);
  return part > 0.9 || part < -0.78;
}
