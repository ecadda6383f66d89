import { messages } from '../../messages/define.ts';
import { startupRows } from './data/startup-samples.ts';
import { defineChart } from './grammar/define.ts';
import { firstSubjects, pictureGrid, subjectsLeftOut } from './grammar/facets.ts';
import { stackedBars } from './grammar/stacked-bars.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.startup-phases', {
  title: 'Where the time of a short container goes',
  caption: 'Sum of per-phase medians, which differs a little from the median of the sum',
  absent: 'no startup workload has phases',
  create: 'create',
  output: 'start to first output',
  exit: 'first output to exit',
  remove: 'remove',
});

const phases = [
  { metric: 'startup.create', name: words.create, color: '#332288' },
  { metric: 'startup.first_output', name: words.output, color: '#88ccee' },
  { metric: 'startup.run', name: words.exit, color: '#ddcc77' },
  { metric: 'startup.remove', name: words.remove, color: '#aa4499' },
];

/** Stacked medians of the phases of a container's life, for the startup workloads. */
export default defineChart({
  id: 'startup-phases',
  section: 'startup',
  order: 40,
  title: words.title,
  absent: words.absent,
  data(context) {
    const rows = startupRows(context).filter((row) => phases.some(({ metric }) => metric === row.metric));
    return rows.length === 0 ? [] : [firstSubjects(rows)];
  },
  draw: (subjects, context) => ({
    caption: [words.caption, subjectsLeftOut(subjects)],
    columns: pictureGrid(subjects.shown).subtitle,
    counts: subjects.rows.map((row) => row.n),
    view: stackedBars(context, {
      parts: phases.map(({ metric, ...part }) => ({
        ...part,
        rows: subjects.rows.filter((row) => row.metric === metric),
      })),
      unit: 'ns',
      axisTitle: (unit) => chartWords.timeAxis({ unit }),
    }),
  }),
});
