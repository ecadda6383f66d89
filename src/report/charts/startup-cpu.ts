import { messages } from '../../core/messages/define.ts';
import { formatValue } from '../format.ts';
import { startupBarChart } from './data/startup-bars.ts';
import { barOf } from './grammar/stacked-bars.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.startup-cpu', {
  title: 'CPU time to start and remove one container',
  caption:
    'Medians: the trial’s own cgroup, and the engine (dockerd, containerd, shims) meanwhile; behind them both together, and the difference to the baseline’s median',
  absent: 'no CPU time was recorded for a startup workload',
  cgroup: 'container’s cgroup',
  engine: 'engine',
  both: 'both together',
});

/** CPU time of one short container: of its cgroup and of the engine for it, with the difference to the baseline. */
export default startupBarChart({
  id: 'startup-cpu',
  order: 60,
  words,
  parts: [
    { metric: 'cpu.usage', name: words.cgroup, color: '#332288' },
    { metric: 'engine.cpu', name: words.engine, color: '#ddcc77' },
    { metric: 'total.cpu', name: words.both, color: '#aa4499' },
  ],
  axisTitle: (unit) => chartWords.cpuAxis({ unit }),
  whole: {
    metric: 'total.cpu',
    // Shows a difference, not a ratio: the engine's nearly constant part dominates the sums.
    beside(row, base, { lang }) {
      if (base === undefined) return '';
      const more = row.median - base.median;
      return `${more > 0 ? '+' : ''}${formatValue(more, 'ns', lang)}`;
    },
  },
  // A bar shows both parts, or their sum where the cgroup's part is missing (a virtual machine outside of it); never
  // one part alone.
  isShown(row, all) {
    const parted = all.some((other) => other.metric === 'cpu.usage' && barOf(other) === barOf(row));
    return parted === (row.metric !== 'total.cpu');
  },
});
