import { messages } from '../../messages/define.ts';
import { displayUnit } from '../format.ts';
import { curvePoints, curveRows } from './data/curve-rows.ts';
import { middleUnit } from './grammar/axis.ts';
import { type CurvePanel, curves } from './grammar/curves.ts';
import { defineChart } from './grammar/define.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.startup-concurrency', {
  title: 'Starts made at once: latency, rate and CPU',
  caption: 'Medians with {confidence} CI',
  slowest: 'dashed: the slowest container of a burst',
  absent: 'the workload startup/burst has no values',
  containers: 'containers started at once',
  latency: 'Time to first output',
  rate: 'Starts per second',
  rateAxis: 'starts/s',
  cpu: 'CPU per start',
});

/** Effect of concurrent starts: latency, starts per second and CPU per start. */
export default defineChart({
  id: 'startup-concurrency',
  section: 'startup',
  order: 50,
  title: words.title,
  absent: words.absent,
  data(context) {
    const rows = curveRows(context, 'startup/burst');
    const of = (metric: string) => rows.filter((row) => row.metric === metric);
    const latency = of('burst.latency');
    const cpu = of('work.cpu').filter((row) => row.median > 0);
    return latency.length === 0
      ? []
      : [{ latency, slowest: of('burst.latency_max'), rate: of('burst.rate'), cpu }];
  },
  draw({ latency, slowest, rate, cpu }, context) {
    const time = middleUnit(latency[0]?.unit ?? 'ns', latency, context);
    const cpuTime = displayUnit('ns', Math.max(...cpu.map((row) => row.median)), context.lang);
    const panels: readonly CurvePanel[] = [
      {
        title: words.latency,
        axis: chartWords.timeAxis({ unit: time.name }),
        points: curvePoints(latency, time.factor, context),
        dashed: curvePoints(slowest, time.factor, context),
      },
      { title: words.rate, axis: words.rateAxis, points: curvePoints(rate, 1, context) },
      {
        title: words.cpu,
        axis: chartWords.cpuAxis({ unit: cpuTime.name }),
        points: curvePoints(cpu, cpuTime.factor, context),
      },
    ];
    return {
      caption: [words.caption({ confidence: context.confidence }), slowest.length > 0 && words.slowest],
      columns: 128,
      counts: latency.map((row) => row.n),
      view: curves(
        context,
        panels.filter(({ points }) => points.length > 0),
        { xTitle: words.containers, width: 700 },
      ),
    };
  },
});
