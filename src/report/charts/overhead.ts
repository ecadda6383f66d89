import type { Category } from '../../model/metric.ts';
import { type HeadlineCost, headlineCosts } from '../category-summary.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { formatRatio } from '../format.ts';
import { commonParams, groupBy, shortSubject, subjectLabel, subjectLines } from '../labels.ts';
import { plainText } from '../sanitize.ts';
import {
  axisLabel,
  type DrawnOrNot,
  lineStep,
  makeChart,
  multilineLabels,
  paged,
  round,
  rowScale,
  rowSeparator,
  slideWidth,
  subtitleColumns,
} from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape, shapeOf } from './palette.ts';
import { clipRatio, practicalEdges, ratioAxis, ratioBackground } from './ratio-axis.ts';
import { type AxisRange, logRange } from './scale.ts';
import { rowTip, tooltip } from './tip.ts';

/** Subjects of one picture, and the height of their rows together, px; a category with more is spread over several. */
const mostRows = 24;
const mostHeight = 560;
/** With more dots than this, rows are close, with one line of text each and no ratios written beside them. */
const manyDots = 27;
/** Height of one dot's line in close rows, px: with many runtimes dots overlap a little. */
const closeStep = (runtimes: number) => (runtimes > 4 ? 5.5 : 7);

/**
 * The headline figures of a category: the ratio to the baseline with its interval for every subject and runtime, turned
 * so that right of 1 always costs more. A category that was planned but gave no ratio has its reason; one that was not
 * planned has no chart, nor has isolation, which is no cost.
 */
export function overheadCharts(context: ReportContext, category: Category): readonly DrawnOrNot[] {
  const { m, analysis } = context;
  if (category === 'isolation' || !context.rows.some((row) => row.category === category)) return [];
  const own = headlineCosts(context.rows, analysis.baseline).filter(({ row }) => row.category === category);
  const id = `overhead-${category}`;
  const title = m.overheadTitle(m.category[category], plainText(analysis.baseline));
  if (own.length === 0) return [{ id, title, absent: m.noData.overhead }];
  const range = logRange([
    ...practicalEdges(analysis),
    ...own
      .flatMap(({ cost }) => [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio])
      .map(clipRatio),
  ]);
  const dropped = commonParams(own.map(({ row }) => row));
  const runtimes = new Set(own.map(({ row }) => row.runtime)).size;
  const room = Math.min(mostRows, Math.floor(mostHeight / (runtimes * closeStep(runtimes))));
  const pages = paged(
    groupBy(own, ({ row }) => subjectLabel(row)),
    Math.max(1, room),
  );
  return pages.map((page, i) =>
    overheadPage(context, page.flat(), {
      range,
      dropped,
      id: i === 0 ? id : `${id}-${i + 1}`,
      title: pages.length === 1 ? title : `${title} (${m.ofCount(i + 1, pages.length)})`,
    }),
  );
}

interface PageOptions {
  /** Of the whole category, so that its pages can be compared. */
  readonly range: AxisRange;
  /** Parameters that close rows do not name; see {@link commonParams}. */
  readonly dropped: ReadonlyMap<string, ReadonlySet<string>>;
  readonly id: string;
  readonly title: string;
}

function overheadPage(
  context: ReportContext,
  rows: readonly HeadlineCost[],
  { range, dropped, id, title }: PageOptions,
): DrawnOrNot {
  const { m, analysis, lang, confidence, band } = context;
  const names = ordered(
    context,
    rows.map(({ row }) => row.runtime),
  );
  const dense = new Set(rows.map(({ row }) => subjectLabel(row))).size * names.length > manyDots;
  const columns = dense ? 62 : 40;
  const values = rows.map(({ row, cost }) => ({
    subject: axisLabel(dense ? shortSubject(row, dropped) : subjectLines(row), columns),
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: round(clipRatio(cost.ratio)),
    low: cost.low === null ? null : round(clipRatio(cost.low)),
    high: cost.high === null ? null : round(clipRatio(cost.high)),
    label: formatRatio(cost.ratio, lang),
    ...(hasValue(row) ? { tip: rowTip(row, context) } : {}),
  }));
  const subjects = [...new Set(values.map(({ subject }) => subject))];
  const order = names.map(chartName);
  const step = lineStep(subjects, names.length, dense ? closeStep(names.length) : 15);
  const width = slideWidth(subjects, step * names.length * subjects.length);
  const inverted = rows.some(({ row }) => row.better === 'higher');
  const x = { ...ratioAxis(range, m.overheadAxis(plainText(analysis.baseline), inverted)), field: 'ratio' };
  const place = {
    y: {
      field: 'subject',
      type: 'nominal',
      sort: null,
      scale: rowScale,
      axis: { title: null, ...multilineLabels, ...rowSeparator, labelLimit: 480 },
    },
    yOffset: { field: 'runtime', type: 'nominal', sort: order, scale: { domain: order } },
  };
  const color = runtimeColor(context, names);
  const elided =
    dense && rows.some(({ row }) => (dropped.get(row.workload)?.size ?? 0) > 0) ? m.paramsElided : '';
  const hollow = values.some(({ low }) => low === null) ? m.overheadHollow : '';
  return makeChart(context, {
    id,
    title,
    caption: `${m.overheadCaption(confidence, band)}${hollow}${elided}`,
    columns: subtitleColumns(subjects, width),
    counts: rows.map(({ row }) => row.pairs),
    view: {
      width,
      height: { step },
      data: { values },
      layer: [
        ...ratioBackground(analysis),
        {
          transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { ...place, x: { ...x, field: 'low' }, x2: { field: 'high' }, color, tooltip },
        },
        {
          mark: { type: 'point', filled: true, size: dense ? 45 : 70, opacity: 1 },
          encoding: { ...place, x, color, shape: runtimeShape(context, names), tooltip },
        },
        {
          transform: [{ filter: '!isValid(datum.low)' }],
          mark: {
            type: 'point',
            filled: true,
            size: dense ? 12 : 18,
            color: 'white',
            opacity: 1,
            shape: { expr: 'datum.shape' },
          },
          encoding: { ...place, x, tooltip },
        },
        ...(dense
          ? []
          : [
              {
                mark: {
                  type: 'text',
                  align: 'left',
                  baseline: 'middle',
                  dx: 8,
                  fontSize: 10,
                  color: '#1f2328',
                },
                encoding: { ...place, x: { value: width }, text: { field: 'label' } },
              },
            ]),
      ],
    },
  });
}
