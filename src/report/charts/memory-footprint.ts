import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { isDaemon } from '../../core/model/trial/footprint.ts';
import { findRole, roles as known } from '../../core/runtimes/registry.ts';
import type { Role } from '../../core/runtimes/role.ts';
import type { ReportContext } from '../context.ts';
import { subjectLabel } from '../document/labels.ts';
import { plainText } from '../document/sanitize.ts';
import { hasValue, type ValueRow } from '../findings/row-guards.ts';
import { valueFinding } from './data/value-finding.ts';
import { defineChart } from './grammar/define.ts';
import { runtimesOf } from './grammar/palette.ts';
import { barOf, stackedBars } from './grammar/stacked-bars.ts';

const words = messages('chart.memory-footprint', {
  title: 'Memory of an idle container',
  caption: 'Medians of PSS by role, and shared memory that no process maps; the peak includes file cache',
  absent: 'no process memory (PSS) was recorded',
  axis: 'Memory in {unit}',
  peak: 'peak of the cgroup',
  unmapped: 'shared, mapped by none',
});

/** Metrics that sum over roles. */
const sums = ['pss.total', 'pss.outside'];

/** Colour of roles that this version does not know. */
const unknownColor = '#666666';

/**
 * Roles of one container's own processes in these rows, with name and colour. Daemons serve all containers and are left
 * out.
 */
function rolesIn(rows: readonly ValueRow[]): readonly Pick<Role, 'id' | 'name' | 'color'>[] {
  const ids = new Set(
    rows.filter(({ metric }) => !sums.includes(metric)).map(({ metric }) => metric.slice(4)),
  );
  const unknown = [...ids].filter((id) => findRole(id) === undefined).toSorted();
  return [
    ...known.filter(({ id }) => ids.has(id)),
    ...unknown.map((id) => ({ id, name: external(plainText(id)), color: unknownColor })),
  ].filter(({ id }) => !isDaemon(id));
}

/**
 * Memory of all processes that serve an idle container, by role, and memory that none of them maps, compared with the charge of
 * its cgroup.
 */
export default defineChart({
  id: 'memory-footprint',
  section: 'memory',
  shows: 'memory',
  order: 80,
  title: words.title,
  absent: words.absent,
  data({ rows: all }) {
    const rows = all.filter(hasValue);
    const pss = rows.filter((row) => row.metric.startsWith('pss.'));
    const idle = idleSubjects(pss);
    const chosen = pss.filter((row) => idle.has(subjectLabel(row)));
    const parts = rolesIn(chosen).map(({ id, name, color }) => ({
      name,
      color,
      rows: chosen.filter((row) => row.metric === `pss.${id}`),
    }));
    const bars = new Set(parts.flatMap((part) => part.rows.map(barOf)));
    if (bars.size === 0) return [];
    const unmapped = rows.filter(
      (row) => row.metric === 'memory.unmapped_shmem' && row.median > 0 && idle.has(subjectLabel(row)),
    );
    const peaks = rows.filter((row) => row.metric === 'memory.peak' && bars.has(barOf(row)));
    return [{ chosen, parts, unmapped, peaks }];
  },
  finding: ({ chosen }, context) => valueFinding(headlinesOf(chosen, context), context),
  draw: ({ chosen, parts, unmapped, peaks }, context) => ({
    caption: [words.caption],
    runtimes: runtimesOf(chosen, context),
    counts: chosen.map((row) => row.n),
    view: stackedBars(context, {
      parts: [...parts, { name: words.unmapped, color: '#999999', rows: unmapped }].filter(
        ({ rows }) => rows.length > 0,
      ),
      unit: 'bytes',
      axisTitle: (unit) => words.axis({ unit }),
      ...(peaks.length > 0 && { ticks: { name: words.peak, rows: peaks } }),
    }),
  }),
});

/** What the report compares of the subjects of these rows. */
function headlinesOf(rows: readonly ValueRow[], context: ReportContext): readonly ValueRow[] {
  const subjects = new Set(rows.map(subjectLabel));
  return context.rows.filter(hasValue).filter((row) => row.headline && subjects.has(subjectLabel(row)));
}

/** Idle workloads by name; else memory workloads; else the first with PSS. */
function idleSubjects(rows: readonly ValueRow[]): ReadonlySet<string> {
  const idle = rows.filter((row) => /idle/.test(row.workload));
  const memory = rows.filter((row) => row.category === 'memory');
  const some = idle.length > 0 ? idle : memory.length > 0 ? memory : rows.slice(0, 1);
  return new Set(some.map(subjectLabel));
}
