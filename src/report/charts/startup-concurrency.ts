import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit } from '../format.ts';
import { type DrawnOrNot, makeChart } from './chart.ts';
import { burstWorkload, countOf, curvePoint, oneCell } from './curve-rows.ts';
import { type CurvePanel, curves } from './curves.ts';

/** What becomes of a start when several are made at once: latency, starts per second and CPU per start. */
export function startupConcurrencyChart(context: ReportContext): DrawnOrNot {
  const { m, lang, confidence } = context;
  const id = 'startup-concurrency';
  const title = m.burstTitle;
  const rows = oneCell(
    context.rows
      .filter(hasValue)
      .filter((row) => row.workload === burstWorkload && countOf(row, 'count') !== null),
  );
  const of = (metric: string) => rows.filter((row) => row.metric === metric);
  const points = (own: readonly ValueRow[], factor: number) =>
    own.flatMap((row) => curvePoint(row, 'count', factor, context));
  const latency = of('burst.latency');
  if (latency.length === 0) return { id, title, absent: m.noData.burst };

  const factorOf = (own: readonly ValueRow[]) => {
    const middle = own.map((row) => row.median).toSorted((a, b) => a - b)[own.length >> 1] ?? 0;
    return displayUnit(own[0]?.unit ?? 'ns', middle, lang);
  };
  const time = factorOf(latency);
  const panels: CurvePanel[] = [
    {
      title: m.burstLatency,
      axisTitle: (log) => m.timeAxis(time.name, log),
      points: points(latency, time.factor),
      dashed: points(of('burst.latency_max'), time.factor),
    },
  ];
  const rate = of('burst.rate');
  if (rate.length > 0)
    panels.push({
      title: m.burstRate,
      axisTitle: (log) => m.burstRateAxis(log),
      points: points(rate, 1),
    });
  const cpu = of('work.cpu').filter((row) => row.median > 0);
  if (cpu.length > 0) {
    const { factor, name } = displayUnit('ns', Math.max(...cpu.map((row) => row.median)), lang);
    panels.push({
      title: m.burstCpu,
      axisTitle: (log) => m.curveAxis(m.costAxis(name), log),
      points: points(cpu, factor),
    });
  }
  return makeChart(context, {
    id,
    title,
    caption: m.burstCaption(confidence, of('burst.latency_max').length > 0),
    columns: 128,
    counts: latency.map((row) => row.n),
    view: curves(context, { panels, xTitle: m.burstX, width: Math.round(700 / panels.length) }),
  });
}
