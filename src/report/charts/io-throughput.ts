import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { type DisplayUnit, displayUnit } from '../format.ts';
import { commonParams } from '../labels.ts';
import {
  type DrawnOrNot,
  lineStep,
  makeChart,
  multilineLabels,
  paged,
  plainNumber,
  round,
  rowScale,
  rowSeparator,
  scaled,
} from './chart.ts';
import { byTarget, type GridItem, gridItems, rowLabel, sortedRows } from './io-grid.ts';
import { chartName, ordered, runtimeColor, runtimeShape } from './palette.ts';
import { type AxisRange, logRange, scaleOf } from './scale.ts';
import { rowTip, tooltip } from './tip.ts';

/** Rows of small pictures in one chart; more would no longer fit on a slide. */
const mostRows = 8;

/**
 * Bytes per second of the I/O workloads that say which `target` and `op` they are about: a grid, operations downwards
 * (one row for each further set of parameters), targets to the right, all on the same scale. Rows that one picture
 * has no room for go on in further ones.
 */
export function ioThroughputCharts(context: ReportContext): readonly DrawnOrNot[] {
  const { m, lang } = context;
  const id = 'io-throughput';
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.category === 'io' && row.unit === 'bytes/s' && row.median > 0)
    .filter((row) => row.headline || row.metric === 'fio.bandwidth');
  const dropped = commonParams(rows);
  const all = gridItems(rows, dropped);
  if (all.length === 0) return [{ id, title: m.ioTitle, absent: m.noData.io }];

  const middle = all.map(({ row }) => row.median).toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  const unit = displayUnit('bytes/s', middle, lang);
  const ends = all.flatMap(({ row }) => [row.median, row.ciLow ?? row.median, row.ciHigh ?? row.median]);
  const range = logRange(
    ends.filter((end) => end > 0).map((end) => end / unit.factor),
    0.08,
  );
  const pages = paged(sortedRows(all), mostRows);
  return pages.map((labels, i) =>
    ioPage(
      context,
      all.filter((item) => labels.includes(rowLabel(item))),
      {
        labels,
        unit,
        range,
        dropped,
        id: i === 0 ? id : `${id}-${i + 1}`,
        title: pages.length === 1 ? m.ioTitle : `${m.ioTitle} (${m.ofCount(i + 1, pages.length)})`,
      },
    ),
  );
}

interface PageOptions {
  /** Of the rows, from top to bottom. */
  readonly labels: readonly string[];
  readonly unit: DisplayUnit;
  /** Of all pages, so that they can be compared. */
  readonly range: AxisRange;
  readonly dropped: ReadonlyMap<string, ReadonlySet<string>>;
  readonly id: string;
  readonly title: string;
}

function ioPage(context: ReportContext, items: readonly GridItem[], options: PageOptions): DrawnOrNot {
  const { m, confidence } = context;
  const { labels, unit, range, dropped, id, title } = options;
  const values = items.map((item) => ({
    target: item.target,
    op: rowLabel(item),
    runtime: chartName(item.row.runtime),
    value: round(item.row.median / unit.factor),
    low: item.row.ciLow !== null && item.row.ciLow > 0 ? scaled(item.row.ciLow, unit.factor) : null,
    high: scaled(item.row.ciHigh, unit.factor),
    tip: rowTip(item.row, context),
  }));
  const targets = [...new Set(items.map(({ target }) => target))].toSorted(byTarget);
  const names = ordered(
    context,
    items.map(({ row }) => row.runtime),
  );
  const order = names.map(chartName);
  const elided = items.some(({ row }) =>
    [...(dropped.get(row.workload) ?? [])].some((key) => key !== 'target' && key !== 'op'),
  );
  const width = Math.max(130, Math.round(760 / targets.length));
  const place = {
    y: {
      field: 'op',
      type: 'nominal',
      sort: labels,
      scale: rowScale,
      axis: { title: null, ...multilineLabels, ...rowSeparator },
    },
    yOffset: { field: 'runtime', type: 'nominal', sort: order, scale: { domain: order } },
  };
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: {
      title: m.ioAxis(unit.name),
      titleFontSize: targets.length > 2 ? 10 : 11,
      values: sparse(range.ticks, Math.max(3, Math.floor(width / 45))),
      labelExpr: plainNumber,
    },
  };
  const color = runtimeColor(context, names);
  return makeChart(context, {
    id,
    title,
    caption: `${m.ioCaption(confidence)}${elided ? m.paramsElided : ''}`,
    columns: 128,
    counts: items.map(({ row }) => row.n),
    view: {
      data: { values },
      facet: { column: { field: 'target', type: 'nominal', sort: targets } },
      spacing: 16,
      spec: {
        width,
        height: {
          step: lineStep(
            labels,
            names.length,
            labels.length * names.length > 30 ? 7 : labels.length > 5 ? 10 : 15,
          ),
        },
        view: { stroke: '#d1d9e0' },
        layer: [
          {
            transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: { ...place, x: { ...x, field: 'low' }, x2: { field: 'high' }, color, tooltip },
          },
          {
            mark: { type: 'point', filled: true, size: 60, opacity: 1 },
            encoding: { ...place, x, color, shape: runtimeShape(context, names), tooltip },
          },
        ],
      },
    },
  });
}

/** At most `most` of the ticks, evenly chosen. */
function sparse(ticks: readonly number[], most: number): readonly number[] {
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % every === 0);
}
