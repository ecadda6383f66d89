import { messages } from '../../messages/define.ts';
import type { ValueRow } from '../comparison.ts';
import { startupRows } from './data/startup-samples.ts';
import { defineChart } from './grammar/define.ts';
import { firstSubjects, pictureGrid, subjectsLeftOut } from './grammar/facets.ts';
import { barOf, stackedBars } from './grammar/stacked-bars.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.cost', {
  title: 'CPU time to start and remove one container',
  caption: 'Sum of medians: the trial’s own cgroup, and the engine (dockerd, containerd, shims) meanwhile',
  absent: 'no CPU time was recorded for a startup workload',
  cgroup: 'container’s cgroup',
  engine: 'engine',
  both: 'both together',
});

const sources = [
  { metric: 'cpu.usage', name: words.cgroup, color: '#332288' },
  { metric: 'engine.cpu', name: words.engine, color: '#ddcc77' },
  { metric: 'total.cpu', name: words.both, color: '#aa4499' },
];

/** A bar is of both parts, or of their sum where the one of the cgroup is left out (a virtual machine outside of it); never of one. */
function isShown(row: ValueRow, all: readonly ValueRow[]): boolean {
  const parted = all.some((other) => other.metric === 'cpu.usage' && barOf(other) === barOf(row));
  return parted === (row.metric !== 'total.cpu');
}

/** The CPU bill of one short container: what its cgroup used and what the engine used for it. */
export default defineChart({
  id: 'cost',
  section: 'startup',
  order: 60,
  title: words.title,
  absent: words.absent,
  data(context) {
    const rows = startupRows(context)
      .filter((row) => sources.some(({ metric }) => metric === row.metric))
      .filter((row, _, all) => isShown(row, all));
    return rows.length === 0 ? [] : [firstSubjects(rows)];
  },
  draw(subjects, context) {
    const parts = sources.map(({ metric, ...part }) => ({
      ...part,
      rows: subjects.rows.filter((row) => row.metric === metric),
    }));
    return {
      caption: [words.caption, subjectsLeftOut(subjects)],
      columns: pictureGrid(subjects.shown).subtitle,
      counts: subjects.rows.map((row) => row.n),
      view: stackedBars(context, {
        parts: parts.filter(({ rows }) => rows.length > 0),
        unit: 'ns',
        axisTitle: (unit) => chartWords.cpuAxis({ unit }),
      }),
    };
  },
});
