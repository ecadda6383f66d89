import type { ReportContext } from '../context.ts';
import { displayUnit, formatCount } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { type DrawnOrNot, makeChart, plainNumber, plotWidth, round } from './chart.ts';
import { chartName, ordered, runtimeColor, runtimeShape } from './palette.ts';
import { autoRange, scaleOf } from './scale.ts';
import { sampleLimit, startupHeadlines, startupSamples, thin } from './startup-samples.ts';
import { valueTip } from './tip.ts';

/** The headline startup time in the order in which it was measured: shows drift, steps and periods. */
export function runSequenceChart(context: ReportContext): DrawnOrNot {
  const { m, lang } = context;
  const id = 'run-sequence';
  const title = m.sequenceTitle;
  const first = startupHeadlines(context)[0];
  if (first === undefined) return { id, title, absent: m.noData.startup };
  const subject = subjectLabel(first);
  const rows = startupHeadlines(context).filter((row) => subjectLabel(row) === subject);
  const samples = startupSamples(context.measurements, rows);
  if (samples.length === 0) return { id, title, absent: m.noData.startup };

  const rank = new Map(samples.map((sample, i) => [sample, i + 1]));
  const shown = thin(samples, sampleLimit);
  const unit = displayUnit('ns', first.median, lang);
  const values = shown.map((sample) => ({
    runtime: chartName(sample.runtime),
    at: rank.get(sample) ?? 0,
    value: round(sample.value / unit.factor),
  }));
  const range = autoRange(values.map(({ value }) => value));
  const names = ordered(
    context,
    samples.map(({ runtime }) => runtime),
  );
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: { domain: [0, samples.length + 1], nice: false, zero: false },
    axis: { title: m.sequenceAxis, tickMinStep: 1, tickCount: 10, format: ',d', grid: false },
  };
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: {
      title: m.timeAxis(unit.name, range.log),
      values: range.ticks,
      labelExpr: plainNumber,
      grid: true,
    },
  };
  const thinned =
    shown.length === samples.length
      ? ''
      : `${m.semicolon}${m.sampled(formatCount(shown.length, lang), formatCount(samples.length, lang))}`;
  const color = runtimeColor(context, names);
  return makeChart(context, {
    id,
    title,
    caption: `${subject}. ${m.sequenceCaption}${thinned}`,
    counts: rows.map((row) => row.n),
    view: {
      width: plotWidth + 80,
      height: 280,
      data: { values },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1, opacity: 0.35 },
          encoding: { x, y, color },
        },
        {
          mark: { type: 'point', filled: true, size: 34, opacity: 0.85 },
          encoding: {
            x,
            y,
            color,
            shape: runtimeShape(context, names),
            tooltip: valueTip(m.timeAxis(unit.name, false), m.runtime),
          },
        },
      ],
    },
  });
}
