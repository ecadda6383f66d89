import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { subjectLabel } from '../labels.ts';
import { type DrawnOrNot, makeChart } from './chart.ts';
import { isCurve } from './curve-rows.ts';
import { type BarPart, stackedBars } from './stacked-bars.ts';
import { firstSubjects, pictureGrid, shownOf } from './startup-samples.ts';
import { rowTip } from './tip.ts';

const sources = [
  ['cpu.usage', 'cgroup'],
  ['engine.cpu', 'engine'],
] as const;

/** The CPU bill of one short container: what its cgroup used and what the engine used for it. */
export function costChart(context: ReportContext): DrawnOrNot {
  const { m, rows } = context;
  const id = 'cost';
  const title = m.costTitle;
  const {
    rows: found,
    shown,
    total,
  } = firstSubjects(
    rows
      .filter((row) => row.category === 'startup' && !isCurve(row.workload))
      .filter(hasValue)
      .filter((row) => sources.some(([metric]) => metric === row.metric)),
  );
  const parts = sources.flatMap(([metric, source]): readonly BarPart[] =>
    found
      .filter((row) => row.metric === metric)
      .map((row) => ({
        subject: subjectLabel(row),
        runtime: row.runtime,
        part: m.costPart[source],
        value: row.median,
        tip: rowTip(row, context),
      })),
  );
  if (parts.length === 0) return { id, title, absent: m.noData.cpu };
  return makeChart(context, {
    id,
    title,
    caption: `${m.costCaption}${shownOf(shown, total, context)}`,
    columns: pictureGrid(shown).subtitle,
    counts: found.map((row) => row.n),
    view: stackedBars(context, {
      parts,
      order: sources.map(([, source]) => m.costPart[source]),
      colors: ['#332288', '#ddcc77'],
      unit: 'ns',
      axisTitle: m.costAxis,
    }),
  });
}
