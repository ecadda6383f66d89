import type { Spec } from './define.ts';
import { layer } from './dots.ts';
import { drawnRatio } from './ratio-axis.ts';
import { logTicks } from './scale.ts';
import { soft } from './theme.ts';
import { tooltip } from './tip.ts';

/**
 * Cheaper – the same – more expensive (ColorBrewer's "PuOr", which people with any colour blindness tell apart): an odd
 * number of colours, the middle one for no difference.
 */
const colors = ['#542788', '#998ec3', '#d8daeb', '#f7f7f7', '#fee0b6', '#f1a340', '#b35806'];

/** A cell with a label; one with a ratio is coloured by it. */
export interface HeatCell {
  /** Of its row. */
  readonly call: string;
  readonly column: string;
  readonly runtime: string;
  readonly label: string;
  readonly ratio: number | null;
  /** What it says when it is pointed at. */
  readonly tip: string;
}

interface HeatMap {
  /** Cells of the panels, which stand side by side. */
  readonly panels: readonly (readonly HeatCell[])[];
  /** From left to right, and the width of one, px. */
  readonly columns: readonly string[];
  readonly columnWidth: number;
  /** The factor, either way, at which the colours end. */
  readonly limit: number;
  readonly legend: string;
}

/** A view of panels of rows × columns, coloured by ratios on a log scale that is symmetric around 1×. */
export function heatMap({ panels, columns, columnWidth, limit, legend }: HeatMap): Spec {
  const domain = colors.map((_, i) => Number((limit ** ((2 * i) / (colors.length - 1) - 1)).toPrecision(6)));
  const color = {
    field: 'ratio',
    type: 'quantitative',
    scale: { type: 'log', domain, range: colors, clamp: true },
    legend: {
      title: legend,
      titleFontWeight: 'normal',
      titleFontSize: 11,
      titleLimit: 420,
      titleAnchor: 'start',
      orient: 'bottom',
      direction: 'horizontal',
      gradientLength: 320,
      gradientThickness: 10,
      values: logTicks(limit ** -0.92, limit ** 0.92, 7),
      labelExpr: "format(datum.value, ',~r') + '×'",
    },
  };
  const inks = {
    condition: [
      { test: "datum.ink === 'light'", value: '#ffffff' },
      { test: "datum.ink === 'soft'", value: soft },
    ],
    // Not the ink of dark pages, which repaint that: the cell below keeps its colour.
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
      sort: columns,
      axis: { title: null, orient: 'top', labelAngle: 0, labelLimit: 100, ticks: false, domain: false },
    },
  };
  const panel = (cells: readonly HeatCell[]): Spec => ({
    width: { step: columnWidth },
    height: { step: 22 },
    data: { values: cells.map((cell) => drawnCell(cell, limit)) },
    layer: [
      layer(
        { type: 'rect', stroke: 'white', strokeWidth: 1.5 },
        { ...place, color, tooltip },
        'isValid(datum.ratio)',
      ),
      layer(
        { type: 'text', fontSize: 10.5, baseline: 'middle' },
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
  return { ...cell, ratio: drawnRatio(ratio), ink: isDark(ratio, limit) ? 'light' : 'dark' };
}

/** Is the cell so dark that white is read better? The purple end of the colours darkens sooner than the orange one. */
function isDark(ratio: number, limit: number): boolean {
  const part = Math.log(ratio) / Math.log(limit);
  return part > 0.9 || part < -0.78;
}
