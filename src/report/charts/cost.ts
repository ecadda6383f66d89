import { hasValue, type ValueRow } from '../comparison.ts';
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
  ['total.cpu', 'both'],
] as const;

/** A bar is of both parts, or of their sum where the one of the cgroup is left out (a virtual machine outside of it); never of one. */
function isShown(row: ValueRow, all: readonly ValueRow[]): boolean {
  const parted = all.some(
    (other) =>
      other.metric === 'cpu.usage' &&
      other.runtime === row.runtime &&
      subjectLabel(other) === subjectLabel(row),
  );
  return parted === (row.metric !== 'total.cpu');
}

const colors = { cgroup: '#332288', engine: '#ddcc77', both: '#aa4499' } as const;

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
      .filter((row) => sources.some(([metric]) => metric === row.metric))
      .filter((row, _, all) => isShown(row, all)),
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
  const present = sources.filter(([, source]) => parts.some(({ part }) => part === m.costPart[source]));
  if (parts.length === 0) return { id, title, absent: m.noData.cpu };
  return makeChart(context, {
    id,
    title,
    caption: `${m.costCaption}${shownOf(shown, total, context)}`,
    columns: pictureGrid(shown).subtitle,
    counts: found.map((row) => row.n),
    view: stackedBars(context, {
      parts,
      order: present.map(([, source]) => m.costPart[source]),
      colors: present.map(([, source]) => colors[source]),
      unit: 'ns',
      axisTitle: m.costAxis,
    }),
  });
}
