import { messages } from '../../core/messages/define.ts';
import { startupBarChart } from './data/startup-bars.ts';
import { timesOf } from './grammar/stacked-bars.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.startup-phases', {
  title: 'Where the time of a short container goes',
  caption: 'Medians of the phases and of the whole; ×: paired ratio to the baseline (?: inconclusive)',
  absent: 'no startup workload has phases',
  create: 'create',
  output: 'start to first output',
  exit: 'first output to exit',
  remove: 'remove',
  between: 'between phases',
});

/** Stacked medians of the phases of a container's life, for the startup workloads. */
export default startupBarChart({
  id: 'startup-phases',
  order: 40,
  words,
  parts: [
    { metric: 'startup.create', name: words.create, color: '#332288' },
    { metric: 'startup.first_output', name: words.output, color: '#88ccee' },
    { metric: 'startup.run', name: words.exit, color: '#ddcc77' },
    { metric: 'startup.remove', name: words.remove, color: '#aa4499' },
  ],
  axisTitle: (unit) => chartWords.timeAxis({ unit }),
  ratios: true,
  whole: {
    metric: 'startup.total',
    // Time between phases, for example attaching to a container before it is started.
    rest: { name: words.between, color: '#8c959f' },
    beside: (row, { lang }) => timesOf(row, lang),
  },
});
