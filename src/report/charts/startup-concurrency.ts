import { messages } from '../../core/messages/define.ts';
import { curvePoints, curveRows, greatestCount } from './data/call-rows.ts';
import { valueFinding } from './data/value-finding.ts';
import { middleUnit } from './grammar/axis.ts';
import { type CurvePanel, curves } from './grammar/curves.ts';
import { defineChart } from './grammar/define.ts';
import { runtimesOf } from './grammar/palette.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.startup-concurrency', {
  title: 'Starts made at once: latency and rate',
  caption: 'Medians of bursts with {confidence} CI',
  absent: 'the workload startup/burst has no values',
  containers: 'containers started at once',
  latency: 'Time to first output',
  latencies: 'First output (dashed: the slowest)',
  rate: 'Starts per second',
  rateAxis: 'starts/s',
});

/** Effect of concurrent starts: latency, and starts per second. The CPU time of a start does not depend on their number. */
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
    return latency.length === 0
      ? []
      : [{ latency, slowest: of('burst.latency_max'), rate: of('burst.rate') }];
  },
  finding: ({ rate, latency }, context) =>
    valueFinding(greatestCount(rate.length > 0 ? rate : latency), context),
  draw({ latency, slowest, rate }, context) {
    const time = middleUnit(latency[0]?.unit ?? 'ns', latency, context);
    const panels: readonly CurvePanel[] = [
      {
        title: slowest.length > 0 ? words.latencies : words.latency,
        axis: chartWords.timeAxis({ unit: time.name }),
        points: curvePoints(latency, time.factor, context),
        dashed: curvePoints(slowest, time.factor, context),
      },
      { title: words.rate, axis: words.rateAxis, points: curvePoints(rate, 1, context) },
    ];
    return {
      caption: [words.caption({ confidence: context.confidence })],
      runtimes: runtimesOf(latency, context),
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
