import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { subjectLabel } from '../labels.ts';
import { type DrawnOrNot, makeChart } from './chart.ts';
import { isCurve } from './curve-rows.ts';
import { type BarPart, stackedBars } from './stacked-bars.ts';
import { firstSubjects, pictureGrid, shownOf } from './startup-samples.ts';
import { rowTip } from './tip.ts';

const phases = [
  ['startup.create', 'create'],
  ['startup.first_output', 'output'],
  ['startup.run', 'exit'],
  ['startup.remove', 'remove'],
] as const;

/** Stacked medians of the phases of a container's life, for the startup workloads. */
export function startupPhasesChart(context: ReportContext): DrawnOrNot {
  const { m, rows } = context;
  const id = 'startup-phases';
  const title = m.phasesTitle;
  const {
    rows: found,
    shown,
    total,
  } = firstSubjects(
    rows
      .filter((row) => row.category === 'startup' && !isCurve(row.workload))
      .filter(hasValue)
      .filter((row) => phases.some(([metric]) => metric === row.metric)),
  );
  const parts = phases.flatMap(([metric, phase]): readonly BarPart[] =>
    found
      .filter((row) => row.metric === metric)
      .map((row) => ({
        subject: subjectLabel(row),
        runtime: row.runtime,
        part: m.phase[phase],
        value: row.median,
        tip: rowTip(row, context),
      })),
  );
  if (parts.length === 0) return { id, title, absent: m.noData.phases };
  return makeChart(context, {
    id,
    title,
    caption: `${m.phasesCaption}${shownOf(shown, total, context)}`,
    columns: pictureGrid(shown).subtitle,
    counts: found.map((row) => row.n),
    view: stackedBars(context, {
      parts,
      order: phases.map(([, phase]) => m.phase[phase]),
      colors: ['#332288', '#88ccee', '#ddcc77', '#aa4499'],
      unit: 'ns',
      axisTitle: (unit) => m.timeAxis(unit, false),
    }),
  });
}
