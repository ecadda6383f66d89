import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit } from '../format.ts';
import { subjectLines } from '../labels.ts';
import { metricLabel } from '../messages/index.ts';
import { axisLabel, type Chart, makeChart, round, scaled } from './chart.ts';
import { intervalDots } from './interval-dots.ts';

/** Bytes per second of the I/O workloads: a row for every target and operation. */
export function ioThroughputChart(context: ReportContext): Chart {
  const { m, lang, confidence } = context;
  const id = 'io-throughput';
  const title = m.ioTitle;
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.category === 'io' && row.unit === 'bytes/s' && row.median > 0);
  if (rows.length === 0) return { id, title, absent: m.noData.io };

  const metricsOf = Map.groupBy(rows, subjectLines);
  const label = (row: ValueRow) => {
    const several = new Set(metricsOf.get(subjectLines(row))?.map(({ metric }) => metric)).size > 1;
    return axisLabel(`${subjectLines(row)}${several ? `\n${metricLabel(row.metric, m)}` : ''}`);
  };
  const middle = rows.map((row) => row.median).toSorted((a, b) => a - b)[rows.length >> 1] ?? 0;
  const unit = displayUnit('bytes/s', middle, lang);
  return makeChart(context, {
    id,
    title,
    caption: m.ioCaption(confidence),
    columns: 122,
    counts: rows.map((row) => row.n),
    view: intervalDots(context, {
      dots: rows.map((row) => ({
        label: label(row),
        runtime: row.runtime,
        value: round(row.median / unit.factor),
        low: row.ciLow !== null && row.ciLow > 0 ? scaled(row.ciLow, unit.factor) : null,
        high: scaled(row.ciHigh, unit.factor),
      })),
      order: [...new Set(rows.map(label))],
      axisTitle: m.ioAxis(unit.name),
      rows: 'separate',
    }),
  });
}
