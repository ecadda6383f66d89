import { allInconclusive, type CategorySummary, categorySummaries } from '../category-summary.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { formatCount, formatRatio } from '../format.ts';
import { plainText } from '../sanitize.ts';
import {
  type DrawnOrNot,
  lineStep,
  makeChart,
  multilineLabels,
  round,
  rowScale,
  rowSeparator,
  slideWidth,
  subtitleColumns,
} from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape, shapeOf } from './palette.ts';
import { clipRatio, practicalEdges, ratioAxis, ratioBackground } from './ratio-axis.ts';
import { logRange } from './scale.ts';
import { rowTip, tooltip } from './tip.ts';

/** The whole run in one picture: per category and runtime the geometric mean of all ratios, and each of them as a dot. */
export function overviewChart(context: ReportContext): DrawnOrNot {
  const { m, analysis, lang, band } = context;
  const baseline = plainText(analysis.baseline);
  const id = 'overview';
  const title = m.overviewTitle(baseline);
  const summaries = categorySummaries(context.rows, analysis.baseline).filter(({ mean }) => mean !== null);
  if (summaries.length === 0) return { id, title, absent: m.noData.overhead };

  const place = ({ category, runtime, subjects }: CategorySummary) => ({
    category: `${m.category[category]}\n${m.subjectsCount(formatCount(subjects, lang), subjects)}`,
    runtime: chartName(runtime),
  });
  const means = summaries.flatMap((summary) => {
    const { costs, mean, subjects } = summary;
    const [worst, best] = [costs[0], costs[costs.length - 1]];
    if (mean === null || worst === undefined || best === undefined) return [];
    const partial = costs.length < subjects ? ` (${m.ofCount(costs.length, subjects)})` : '';
    return [
      {
        ...place(summary),
        mean: round(clipRatio(mean)),
        low: round(clipRatio(best.cost.ratio)),
        high: round(clipRatio(worst.cost.ratio)),
        shape: shapeOf(context, summary.runtime),
        unsure: allInconclusive(summary),
        tip: [chartName(summary.runtime), m.category[summary.category], formatRatio(mean, lang)].join(', '),
        label: `${formatRatio(mean, lang)}${allInconclusive(summary) ? '\u00a0?' : ''}${partial}`,
      },
    ];
  });
  const dots = summaries.flatMap((summary) =>
    summary.costs.map(({ row, cost }) => ({
      ...place(summary),
      ratio: round(clipRatio(cost.ratio)),
      unsure: row.verdict === 'inconclusive',
      ...(hasValue(row) ? { tip: rowTip(row, context) } : {}),
    })),
  );
  const range = logRange([...practicalEdges(analysis), ...dots.map(({ ratio }) => ratio)]);
  const inverted = summaries.some(({ costs }) => costs.some(({ row }) => row.better === 'higher'));
  const names = ordered(
    context,
    summaries.map(({ runtime }) => runtime),
  );
  const order = names.map(chartName);
  const rows = [...new Set(means.map(({ category }) => category))];
  const lines = rows.length * names.length;
  const step = lineStep(rows, names.length, lines > 30 ? 10.5 : lines > 18 ? 15 : 19);
  const width = Math.max(700, slideWidth(rows, step * lines * 1.2));
  const x = { ...ratioAxis(range, m.overheadAxis(baseline, inverted)), field: 'mean' };
  const row = {
    y: {
      field: 'category',
      type: 'nominal',
      sort: rows,
      scale: rowScale,
      axis: { title: null, ...multilineLabels, ...rowSeparator },
    },
    yOffset: { field: 'runtime', type: 'nominal', sort: order, scale: { domain: order } },
  };
  const color = runtimeColor(context, names);
  return makeChart(context, {
    id,
    title,
    caption: `${m.overviewCaption(band)}${dots.some(({ unsure }) => unsure) ? m.overviewHollow : ''}`,
    columns: subtitleColumns(rows, width),
    counts: summaries.flatMap(({ costs }) => costs.map((cost) => cost.row.pairs)),
    view: {
      width,
      height: { step },
      data: { values: [...means, ...dots] },
      layer: [
        ...ratioBackground(analysis),
        {
          transform: [{ filter: 'isValid(datum.mean)' }],
          mark: { type: 'rule', strokeWidth: 1.6, opacity: 0.6 },
          encoding: { ...row, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
        },
        {
          transform: [{ filter: 'isValid(datum.ratio) && !datum.unsure' }],
          mark: { type: 'circle', size: 24, opacity: 0.65 },
          encoding: { ...row, x: { ...x, field: 'ratio' }, color, tooltip },
        },
        {
          transform: [{ filter: 'isValid(datum.ratio) && datum.unsure' }],
          mark: { type: 'point', filled: false, fill: 'white', size: 20, strokeWidth: 1.1, opacity: 0.9 },
          encoding: { ...row, x: { ...x, field: 'ratio' }, color, tooltip },
        },
        {
          transform: [{ filter: 'isValid(datum.mean)' }],
          mark: { type: 'point', filled: true, size: 110, opacity: 1, stroke: 'white', strokeWidth: 1 },
          encoding: { ...row, x, color, shape: runtimeShape(context, names), tooltip },
        },
        {
          transform: [{ filter: 'isValid(datum.mean) && datum.unsure' }],
          mark: {
            type: 'point',
            filled: true,
            size: 34,
            color: 'white',
            opacity: 1,
            shape: { expr: 'datum.shape' },
          },
          encoding: { ...row, x, tooltip },
        },
        {
          transform: [{ filter: 'isValid(datum.mean)' }],
          mark: {
            type: 'text',
            align: 'left',
            baseline: 'middle',
            dx: 8,
            fontSize: lines > 30 ? 9.5 : 11,
            color: '#1f2328',
          },
          encoding: { ...row, x: { value: width }, text: { field: 'label' } },
        },
      ],
    },
  });
}
