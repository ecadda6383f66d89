import { costRatio } from '../comparison.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import { formatRatio, formatValue } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { cutMiddle } from '../wrap.ts';
import { type CallRow, callRows, operationRows } from './call-rows.ts';
import { type DrawnOrNot, makeChart, round, type Spec } from './chart.ts';
import { chartName, divergingColors, ordered } from './palette.ts';
import { clipRatio } from './ratio-axis.ts';
import { logTicks } from './scale.ts';
import { rowTip, tooltip } from './tip.ts';

const most = 40;
/** Rows of one of the panels that stand side by side. */
const panelRows = 20;

/**
 * System calls × runtimes, coloured by the cost ratio around 1×. Which rows: operations that have a workload of
 * their own first, then single calls of stress-ng, each time those whose conclusive ratios are furthest from 1×.
 */
export function syscallHeatmapChart(context: ReportContext): DrawnOrNot {
  const { m, analysis } = context;
  const id = 'syscall-heatmap';
  const baseline = plainText(analysis.baseline);
  const title = m.heatmapTitle(baseline);
  const found = [...operationRows(context), ...callRows(context)];
  if (found.length === 0) return { id, title, absent: m.noData.syscallRatios };
  const shown = found.slice(0, most).toSorted((a, b) => b.worst - a.worst);
  const gone = new Set(unavailableRuntimes(context));
  const runtimes = ordered(
    context,
    shown.flatMap(({ members }) => members.map((row) => row.runtime)),
  ).filter((name) => name !== analysis.baseline && !gone.has(name));
  const panels = Math.min(3, Math.ceil(shown.length / panelRows));
  const size = Math.ceil(shown.length / panels);
  const colour = colourScale(shown);
  const single = shown.some(({ name }) => name.endsWith('()'));
  return makeChart(context, {
    id,
    title,
    caption: m.heatmapCaption({ shown: shown.length, total: found.length, single }),
    columns: Math.max(92, Math.floor((panels * (200 + runtimes.length * 62)) / 6.4)),
    counts: shown.flatMap(({ members }) => members.map((row) => row.n)),
    view: {
      spacing: 26,
      hconcat: Array.from({ length: panels }, (_, i) =>
        panel(context, shown.slice(i * size, (i + 1) * size), { runtimes, colour, legend: i === 0 }),
      ),
      resolve: { legend: { color: 'shared' }, scale: { color: 'shared' } },
    },
  });
}

/** A log scale symmetric around 1×, at least a factor of two either way. */
function colourScale(rows: readonly CallRow[]): { readonly limit: number; readonly spec: Spec } {
  const limit = Math.max(2, ...rows.map(({ extent }) => clipRatio(extent)));
  const domain = divergingColors.map((_, i) =>
    Number((limit ** ((2 * i) / (divergingColors.length - 1) - 1)).toPrecision(6)),
  );
  return { limit, spec: { type: 'log', domain, range: divergingColors, clamp: true } };
}

interface PanelOptions {
  readonly runtimes: readonly string[];
  readonly colour: ReturnType<typeof colourScale>;
  readonly legend: boolean;
}

/** A column of text with the baseline's own time, then a cell per runtime. */
function panel(context: ReportContext, rows: readonly CallRow[], options: PanelOptions): Spec {
  const { m, analysis, lang } = context;
  const { runtimes, colour } = options;
  const wide = runtimes.length <= 4 && runtimes.some((name) => chartName(name).length > 9);
  const column = (name: string) => cutMiddle(chartName(name), wide ? 14 : 10);
  const own = column(analysis.baseline);
  const values = rows.flatMap(({ name, members }) =>
    [analysis.baseline, ...runtimes].map((runtime) => {
      const row = members.find((member) => member.runtime === runtime);
      const place = {
        call: cutMiddle(name, 26),
        column: column(runtime),
        runtime: chartName(runtime),
        tip: row === undefined ? `${runtime}, ${name}` : rowTip(row, context),
      };
      if (row === undefined) return { ...place, label: '–', ink: 'soft' };
      if (runtime === analysis.baseline)
        return { ...place, label: formatValue(row.median, 'ns', lang), ink: 'soft' };
      const cost = costRatio(row);
      if (cost === null) return { ...place, label: '–', ink: 'soft' };
      const doubt = row.verdict === 'inconclusive' ? '\u00a0?' : '';
      return {
        ...place,
        ratio: round(clipRatio(cost.ratio)),
        label: `${formatRatio(cost.ratio, lang)}${doubt}`,
        ink: isDark(cost.ratio, colour.limit) ? 'light' : 'dark',
      };
    }),
  );
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
      sort: [own, ...runtimes.map(column)],
      axis: { title: null, orient: 'top', labelAngle: 0, labelLimit: 100, ticks: false, domain: false },
    },
  };
  return {
    width: { step: wide ? 92 : 72 },
    height: { step: 22 },
    data: { values },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.ratio)' }],
        mark: { type: 'rect', stroke: 'white', strokeWidth: 1.5 },
        encoding: {
          ...place,
          color: {
            field: 'ratio',
            type: 'quantitative',
            scale: colour.spec,
            legend: {
              title: m.heatmapLegend(plainText(analysis.baseline)),
              titleFontWeight: 'normal',
              titleFontSize: 11,
              titleLimit: 420,
              titleAnchor: 'start',
              orient: 'bottom',
              direction: 'horizontal',
              gradientLength: 320,
              gradientThickness: 10,
              values: logTicks(colour.limit ** -0.92, colour.limit ** 0.92, 7),
              labelExpr: "format(datum.value, ',~r') + '×'",
            },
          },
          tooltip,
        },
      },
      {
        mark: { type: 'text', fontSize: 10.5, baseline: 'middle' },
        encoding: {
          ...place,
          text: { field: 'label' },
          color: {
            condition: [
              { test: "datum.ink === 'light'", value: '#ffffff' },
              { test: "datum.ink === 'soft'", value: '#59636e' },
            ],
            // Not the ink of dark pages, which repaint that: the cell below keeps its colour.
            value: '#101418',
          },
          tooltip,
        },
      },
    ],
  };
}

/** Is the cell so dark that white is read better? The purple end of the colours darkens sooner than the orange one. */
function isDark(ratio: number, limit: number): boolean {
  const part = Math.log(ratio) / Math.log(limit);
  return part > 0.9 || part < -0.78;
}
