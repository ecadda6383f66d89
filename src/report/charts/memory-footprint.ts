import { processRoleSchema } from '../../model/trial.ts';
import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { subjectLabel } from '../labels.ts';
import { type DrawnOrNot, makeChart } from './chart.ts';
import { partColors } from './palette.ts';
import { type BarPart, stackedBars } from './stacked-bars.ts';
import { rowTip } from './tip.ts';

/** Roles of one container's own processes; dockerd and containerd serve all containers and are left out. */
const roles = processRoleSchema.options.filter((role) => role !== 'dockerd' && role !== 'containerd');

/** Memory of all processes that work for an idle container, by role, and what none of them maps, beside what its cgroup was charged. */
export function memoryFootprintChart(context: ReportContext): DrawnOrNot {
  const { m, rows } = context;
  const id = 'memory-footprint';
  const title = m.memoryTitle;
  const pss = rows.filter(hasValue).filter((row) => row.metric.startsWith('pss.'));
  const subjects = idleSubjects(pss);
  const chosen = pss.filter((row) => subjects.has(subjectLabel(row)));
  const parts = roles.flatMap((role): readonly BarPart[] =>
    chosen
      .filter((row) => row.metric === `pss.${role}`)
      .map((row) => ({
        subject: subjectLabel(row),
        runtime: row.runtime,
        part: m.role[role],
        value: row.median,
        tip: rowTip(row, context),
      })),
  );
  const unmapped = rows
    .filter(hasValue)
    .filter(
      (row) => row.metric === 'memory.unmapped_shmem' && row.median > 0 && subjects.has(subjectLabel(row)),
    )
    .map((row) => ({
      subject: subjectLabel(row),
      runtime: row.runtime,
      part: m.unmappedShmem,
      value: row.median,
      tip: rowTip(row, context),
    }));
  if (parts.length === 0) return { id, title, absent: m.noData.pss };
  const bars = new Set(parts.map((part) => `${part.subject}|${part.runtime}`));
  const peaks = rows
    .filter(hasValue)
    .filter((row) => row.metric === 'memory.peak' && bars.has(`${subjectLabel(row)}|${row.runtime}`));
  const present = roles.filter((role) => parts.some((part) => part.part === m.role[role]));
  return makeChart(context, {
    id,
    title,
    caption: m.memoryCaption,
    counts: chosen.map((row) => row.n),
    view: stackedBars(context, {
      parts: [...parts, ...unmapped],
      order: [...present.map((role) => m.role[role]), ...(unmapped.length === 0 ? [] : [m.unmappedShmem])],
      colors: [
        ...present.map((role) => partColors[roles.indexOf(role) % partColors.length] ?? '#999999'),
        ...(unmapped.length === 0 ? [] : ['#999999']),
      ],
      unit: 'bytes',
      axisTitle: m.memoryAxis,
      ticks: peaks.map((row) => ({ subject: subjectLabel(row), runtime: row.runtime, value: row.median })),
    }),
  });
}

/** Idle workloads by their name; where none is so named, memory workloads; where there are none, the first with PSS. */
function idleSubjects(rows: readonly ValueRow[]): ReadonlySet<string> {
  const idle = rows.filter((row) => /idle/.test(row.workload));
  const memory = rows.filter((row) => row.category === 'memory');
  const some = idle.length > 0 ? idle : memory.length > 0 ? memory : rows.slice(0, 1);
  return new Set(some.map(subjectLabel));
}
