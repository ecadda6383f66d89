import type { ReportContext } from '../context.ts';
import { displayUnit, formatCount } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { plainText } from '../sanitize.ts';
import { type DrawnOrNot, makeChart, plainNumber, round, scaled } from './chart.ts';
import { chartName, ordered, runtimeColor } from './palette.ts';
import { autoRange, scaleOf } from './scale.ts';
import {
  firstSubjects,
  pictureGrid,
  sampleLimit,
  shownOf,
  startupHeadlines,
  startupSamples,
  thin,
} from './startup-samples.ts';
import { rowTip, tooltip, valueTip } from './tip.ts';

/** Every container's time as a dot, with median and interval: the shape behind the ratios. */
export function startupDistributionChart(context: ReportContext): DrawnOrNot {
  const { m, lang, confidence } = context;
  const id = 'startup-distribution';
  const title = m.distributionTitle;
  const { rows, shown: pictures, total } = firstSubjects(startupHeadlines(context));
  const samples = startupSamples(context.measurements, rows);
  if (rows.length === 0 || samples.length === 0) return { id, title, absent: m.noData.startup };

  const shown = thin(samples, sampleLimit);
  const unit = displayUnit(
    'ns',
    rows.map((row) => row.median).toSorted((a, b) => a - b)[rows.length >> 1] ?? 0,
    lang,
  );
  const values = [
    ...shown.map((sample) => ({
      subject: plainText(sample.subject),
      runtime: chartName(sample.runtime),
      value: round(sample.value / unit.factor),
      jitter: jitter(sample.block),
    })),
    ...rows.map((row) => ({
      subject: plainText(subjectLabel(row)),
      runtime: chartName(row.runtime),
      median: scaled(row.median, unit.factor),
      low: scaled(row.ciLow, unit.factor),
      high: scaled(row.ciHigh, unit.factor),
      tip: rowTip(row, context),
    })),
  ];
  const range = autoRange(shown.map((sample) => sample.value / unit.factor));
  const names = ordered(
    context,
    rows.map((row) => row.runtime),
  );
  const order = names.map(chartName);
  const y = {
    field: 'runtime',
    type: 'nominal',
    sort: order,
    scale: { domain: order, paddingInner: 0.1 },
    axis: { title: null },
  };
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: { title: m.timeAxis(unit.name, range.log), values: range.ticks, labelExpr: plainNumber },
  };
  const color = { ...runtimeColor(context, names), legend: null };
  const grid = pictureGrid(pictures);
  const thinned =
    shown.length === samples.length
      ? ''
      : `${m.semicolon}${m.sampled(formatCount(shown.length, lang), formatCount(samples.length, lang))}`;
  return makeChart(context, {
    id,
    title,
    caption: `${m.distributionCaption(confidence)}${thinned}${shownOf(pictures, total, context)}`,
    columns: grid.subtitle,
    counts: rows.map((row) => row.n),
    view: {
      data: { values },
      facet: {
        field: 'subject',
        type: 'nominal',
        sort: [...new Set(rows.map((row) => plainText(subjectLabel(row))))],
        header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start', labelLimit: grid.width },
      },
      columns: grid.columns,
      spacing: 14,
      spec: {
        width: grid.width,
        height: { step: pictures > 3 ? 28 : 34, for: 'position' },
        layer: [
          {
            transform: [{ filter: 'isValid(datum.median) && isValid(datum.low) && isValid(datum.high)' }],
            mark: { type: 'bar', height: 22, color: '#8c959f', opacity: 0.35 },
            encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, tooltip },
          },
          {
            transform: [{ filter: 'isValid(datum.value)' }],
            // Crowded strips need thinner paint for their density to show.
            mark: { type: 'circle', size: 22, opacity: shown.length > 80 * rows.length ? 0.35 : 0.65 },
            encoding: {
              y,
              x,
              color,
              tooltip: valueTip(m.timeAxis(unit.name, false), m.runtime),
              yOffset: {
                field: 'jitter',
                type: 'quantitative',
                scale: { domain: [-1.6, 1.6] },
              },
            },
          },
          {
            transform: [{ filter: 'isValid(datum.median)' }],
            mark: { type: 'tick', thickness: 2.5, size: 24, color: '#1f2328', opacity: 1 },
            encoding: { y, x: { ...x, field: 'median' }, tooltip },
          },
        ],
      },
    },
  });
}

/** -1 … 1 from the block alone (multiples of the golden ratio), so that a chart is the same at every rendering. */
function jitter(block: number): number {
  const turn = (block * 0.618_033_988_75) % 1;
  return Number((turn * 2 - 1).toFixed(2));
}
