import { messages } from '../../messages/define.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import type { DisplayUnit } from '../format.ts';
import { commonParams } from '../labels.ts';
import { byTarget, type GridItem, gridItems, rowLabel, sortedRows } from './data/io-grid.ts';
import { middleUnit, valueAxis } from './grammar/axis.ts';
import { defineChart } from './grammar/define.ts';
import { dotOf, dotStyle, intervalDots, runtimeRows } from './grammar/dots.ts';
import { lineStep, paged } from './grammar/layout.ts';
import { runtimesOf } from './grammar/palette.ts';
import { type AxisRange, logRange } from './grammar/scale.ts';
import { axisTitle, chartWords } from './grammar/words.ts';

const words = messages('chart.io-throughput', {
  title: 'Throughput of file input and output, by target and operation',
  caption: 'Median with {confidence} CI; right is better; empty: not measured',
  absent: 'no I/O throughput was recorded for a target and operation',
  axis: 'throughput in {unit}',
});

/** Maximum rows of small pictures in one chart, so that it fits on a slide. */
const maxRows = 8;

interface Page {
  readonly items: readonly GridItem[];
  /** Row labels from top to bottom. */
  readonly labels: readonly string[];
  readonly unit: DisplayUnit;
  /** Range of all pages, so that they can be compared. */
  readonly range: AxisRange;
  /** Does the label of an item leave parameters out? */
  readonly elided: boolean;
}

/**
 * Bytes per second of the I/O workloads with a `target` and an `op`: a grid of operations (one row per further set of
 * parameters) × targets, all on the same scale. Rows that do not fit continue in further pictures.
 */
export default defineChart({
  id: 'io-throughput',
  section: 'io',
  order: 110,
  title: words.title,
  absent: words.absent,
  data: pagesOf,
  draw({ items, labels, unit, range, elided }, context) {
    const values = items.map((item) => ({
      target: item.target,
      op: rowLabel(item),
      ...dotOf(item.row, unit.factor, context),
    }));
    const targets = [...new Set(items.map(({ target }) => target))].toSorted(byTarget);
    const names = runtimesOf(
      items.map(({ row }) => row),
      context,
    );
    const width = Math.max(130, Math.round(760 / targets.length));
    const min = labels.length * names.length > 30 ? 7 : labels.length > 5 ? 10 : 15;
    const x = valueAxis(context, range, axisTitle(words.axis({ unit: unit.name }), true), {
      titleFontSize: targets.length > 2 ? 10 : 11,
      values: sparse(range.ticks, Math.max(3, Math.floor(width / 45))),
    });
    return {
      caption: [words.caption({ confidence: context.confidence }), elided && chartWords.paramsElided],
      columns: 128,
      counts: items.map(({ row }) => row.n),
      view: {
        data: { values },
        facet: { column: { field: 'target', type: 'nominal', sort: targets } },
        spacing: 16,
        spec: {
          width,
          height: { step: lineStep(labels, names.length, min) },
          view: { stroke: '#d1d9e0' },
          layer: intervalDots(runtimeRows(names, 'op', labels), x, dotStyle(context, names), { size: 60 }),
        },
      },
    };
  },
});

function pagesOf(context: ReportContext): readonly Page[] {
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.category === 'io' && row.unit === 'bytes/s' && row.median > 0)
    .filter((row) => row.headline || row.metric === 'fio.bandwidth');
  const dropped = commonParams(rows);
  const all = gridItems(rows, dropped);
  if (all.length === 0) return [];
  const unit = middleUnit(
    'bytes/s',
    all.map(({ row }) => row),
    context,
  );
  const ends = all.flatMap(({ row }) => [row.median, row.ciLow ?? row.median, row.ciHigh ?? row.median]);
  const positive = ends.filter((end) => end > 0).map((end) => end / unit.factor);
  const range = logRange(positive, 0.08);
  return paged(sortedRows(all), maxRows).map((labels) => {
    const items = all.filter((item) => labels.includes(rowLabel(item)));
    const elided = items.some(({ row }) =>
      [...(dropped.get(row.workload) ?? [])].some((key) => key !== 'target' && key !== 'op'),
    );
    return { items, labels, unit, range, elided };
  });
}

/** At most `max` of the ticks, evenly chosen. */
function sparse(ticks: readonly number[], max: number): readonly number[] {
  const every = Math.ceil(ticks.length / max);
  return ticks.filter((_, i) => i % every === 0);
}
