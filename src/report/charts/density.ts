import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit } from '../format.ts';
import { type DrawnOrNot, makeChart } from './chart.ts';
import { countOf, curvePoint, densityWorkload, oneCell } from './curve-rows.ts';
import { type CurvePanel, curves, extentOf } from './curves.ts';

const views = [
  ['density.available', 'available'],
  ['density.charged', 'charged'],
  ['density.resident', 'resident'],
] as const;

/** What runs of older versions have in the place of the last. */
const formerView = ['density.footprint', 'footprint'] as const;

/** What one more idle sandbox costs as they become many: memory in three views, and the CPU that one uses. */
export function densityChart(context: ReportContext): DrawnOrNot {
  const { m, lang, confidence } = context;
  const id = 'density';
  const title = m.densityTitle;
  const rows = oneCell(
    context.rows
      .filter(hasValue)
      .filter((row) => row.workload === densityWorkload && countOf(row, 'sandboxes') !== null),
  );
  const of = (metric: string) => rows.filter((row) => row.metric === metric);
  const points = (own: readonly ValueRow[], factor: number) =>
    own.flatMap((row) => curvePoint(row, 'sandboxes', factor, context));
  const shown = of('density.resident').length > 0 ? views : [...views.slice(0, -1), formerView];
  const memory = shown.flatMap(([metric, view]) => {
    const own = of(metric);
    return own.length === 0 ? [] : [{ view, own }];
  });
  if (memory.length === 0) return { id, title, absent: m.noData.density };

  const medians = memory.flatMap(({ own }) => own.map((row) => row.median));
  const unit = displayUnit('bytes', Math.max(...medians), lang);
  const drawn = memory.map(({ view, own }) => ({ view, points: points(own, unit.factor) }));
  const alike = drawn.flatMap((panel) => extentOf(panel.points));
  const panels: CurvePanel[] = drawn.map((panel) => ({
    title: m.densityView[panel.view],
    axisTitle: (log) => m.curveAxis(m.densityAxis(unit.name), log),
    points: panel.points,
    alike,
  }));
  const idle = points(of('density.idle_cpu'), 0.01);
  if (idle.length > 0)
    panels.push({
      title: m.densityIdle,
      axisTitle: (log) => m.curveAxis(m.densityIdleAxis, log),
      points: idle,
    });
  return makeChart(context, {
    id,
    title,
    caption: m.densityCaption(confidence),
    columns: 136,
    counts: rows.map((row) => row.n),
    view: curves(context, { panels, xTitle: m.densityX, width: Math.round(680 / panels.length) }),
  });
}
