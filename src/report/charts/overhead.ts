import { costRatio } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { formatRatio } from '../format.ts';
import { subjectLines } from '../labels.ts';
import { plainText } from '../sanitize.ts';
import {
  axisLabel,
  type Chart,
  lineStep,
  makeChart,
  multilineLabels,
  plotWidth,
  round,
  rowScale,
  rowSeparator,
} from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape, shapeOf } from './palette.ts';
import { logRange, scaleOf } from './scale.ts';

/** Ratios beyond this factor either way are drawn at the edge: one broken interval must not flatten the rest. */
const limit = 1000;

/**
 * The headline figure: ratio to the baseline with its interval for every workload and runtime, turned so that
 * right of 1 always costs more.
 */
export function overheadChart(context: ReportContext): Chart {
  const { m, analysis, lang, confidence, band } = context;
  const id = 'overhead';
  const title = m.overheadTitle(plainText(analysis.baseline));
  const rows = context.rows.flatMap((row) => {
    const cost = row.headline && row.runtime !== analysis.baseline ? costRatio(row) : null;
    return cost === null ? [] : [{ row, cost }];
  });
  if (rows.length === 0) return { id, title, absent: m.noData.overhead };

  const clip = (value: number) => Math.min(limit, Math.max(1 / limit, value));
  const values = rows.map(({ row, cost }) => ({
    subject: axisLabel(subjectLines(row)),
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: round(clip(cost.ratio)),
    low: cost.low === null ? null : round(clip(cost.low)),
    high: cost.high === null ? null : round(clip(cost.high)),
    label: formatRatio(cost.ratio, lang),
  }));
  const { practical } = analysis.thresholds;
  const edges = [1 / (1 + practical), 1 + practical] as const;
  const range = logRange([
    ...edges,
    ...values.flatMap((v) => [v.ratio, v.low ?? v.ratio, v.high ?? v.ratio]),
  ]);
  const inverted = rows.some(({ row }) => row.better === 'higher');
  const names = ordered(
    context,
    rows.map(({ row }) => row.runtime),
  );
  const order = names.map(chartName);
  const x = {
    field: 'ratio',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: {
      title: m.overheadAxis(plainText(analysis.baseline), inverted),
      values: range.ticks,
      labelExpr: "format(datum.value, '~g') + '×'",
    },
  };
  const y = {
    field: 'subject',
    type: 'nominal',
    sort: null,
    scale: rowScale,
    axis: { title: null, ...multilineLabels, ...rowSeparator },
  };
  const yOffset = { field: 'runtime', type: 'nominal', sort: order, scale: { domain: order } };
  const color = runtimeColor(context, names);
  return makeChart(context, {
    id,
    title,
    caption: `${m.overheadCaption(confidence, band)}${values.some(({ low }) => low === null) ? m.overheadHollow : ''}`,
    columns: 122,
    counts: rows.map(({ row }) => row.pairs),
    view: {
      width: plotWidth,
      height: {
        step: lineStep(
          values.map(({ subject }) => subject),
          names.length,
          15,
        ),
      },
      data: { values },
      layer: [
        {
          data: { values: [{ low: round(edges[0]), high: round(edges[1]) }] },
          mark: { type: 'rect', color: '#8c959f', opacity: 0.22 },
          encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
        },
        {
          data: { values: [{ one: 1 }] },
          mark: { type: 'rule', color: '#1f2328', strokeWidth: 1.2 },
          encoding: { x: { field: 'one', type: 'quantitative' } },
        },
        {
          transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { y, yOffset, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { y, yOffset, x, color, shape: runtimeShape(context, names) },
        },
        {
          transform: [{ filter: '!isValid(datum.low)' }],
          mark: {
            type: 'point',
            filled: true,
            size: 18,
            color: 'white',
            opacity: 1,
            shape: { expr: 'datum.shape' },
          },
          encoding: { y, yOffset, x },
        },
        {
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 10, color: '#1f2328' },
          encoding: { y, yOffset, x: { value: plotWidth }, text: { field: 'label' } },
        },
      ],
    },
  });
}
