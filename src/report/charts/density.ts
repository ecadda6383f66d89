import { messages } from '../../core/messages/define.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit, formatCount } from '../document/format.ts';
import { plainText } from '../document/sanitize.ts';
import type { ValueRow } from '../findings/row-guards.ts';
import { curvePoints, curveRows, greatestCount } from './data/call-rows.ts';
import { valueFinding } from './data/value-finding.ts';
import { type CurvePanel, curves } from './grammar/curves.ts';
import { defineChart } from './grammar/define.ts';
import { runtimesOf } from './grammar/palette.ts';
import { valueBars } from './grammar/value-bars.ts';

const words = messages('chart.density', {
  title: 'Cost of each idle sandbox, by their number',
  caption:
    'Medians with {confidence} CI, per sandbox; memory by the host’s MemAvailable, as charged to cgroups, and resident',
  titleOfOne: '{n, plural, one {Cost of one idle sandbox} other {Cost of each of {count} idle sandboxes}}',
  times: '×: cost relative to {baseline} (?: inconclusive)',
  absent: 'the workload startup/density has no values',
  sandboxes: 'sandboxes',
  memoryAxis: '{unit} per sandbox',
  available: 'Memory: by MemAvailable',
  charged: 'Memory: charged',
  resident: 'Memory: resident',
  idle: 'CPU of an idle one',
  idleAxis: '% of one CPU',
});

/** Cost of one more idle sandbox as their number grows: memory in three views, and CPU per sandbox. */
export default defineChart({
  id: 'density',
  section: 'startup',
  shows: 'both',
  order: 70,
  title(context) {
    const count = onlyCount(curveRows(context, 'startup/density'), context);
    return count === null
      ? words.title
      : words.titleOfOne({ count: formatCount(count, context.lang), n: count });
  },
  absent: words.absent,
  data(context) {
    const rows = curveRows(context, 'startup/density');
    const of = (metric: string) => rows.filter((row) => row.metric === metric);
    const views = [
      { title: words.available, rows: of('density.available') },
      { title: words.charged, rows: of('density.charged') },
      { title: words.resident, rows: of('density.resident') },
    ].filter((view) => view.rows.length > 0);
    return views.length === 0 ? [] : [{ rows, views, idle: of('density.idle_cpu') }];
  },
  finding: ({ views }, context) => valueFinding(greatestCount(views.at(-1)?.rows ?? []), context),
  draw({ rows, views, idle }, context) {
    const greatest = Math.max(...views.flatMap((view) => view.rows.map((row) => row.median)));
    const isOne = onlyCount(rows, context) !== null;
    const unit = displayUnit('bytes', greatest, context.lang);
    const memory = views.map((view) => ({
      title: view.title,
      axis: words.memoryAxis({ unit: unit.name }),
      points: curvePoints(view.rows, unit.factor, context),
    }));
    const alike = memory.flatMap(({ points }) => points);
    const panels: readonly CurvePanel[] = [
      ...memory.map((panel) => ({ ...panel, alike })),
      ...(idle.length === 0
        ? []
        : [{ title: words.idle, axis: words.idleAxis, points: curvePoints(idle, 0.01, context) }]),
    ];
    return {
      caption: [
        words.caption({ confidence: context.confidence }),
        isOne && words.times({ baseline: plainText(context.analysis.baseline) }),
      ],
      runtimes: runtimesOf(rows, context),
      columns: 136,
      counts: rows.map((row) => row.n),
      view: isOne
        ? valueBars(context, panels, 680)
        : curves(context, panels, { xTitle: words.sandboxes, width: 680 }),
    };
  },
});

/** The number of sandboxes if the run measured only one number, so that there is no curve; else null. */
function onlyCount(rows: readonly ValueRow[], context: ReportContext): number | null {
  const [count, ...others] = new Set(curvePoints(rows, 1, context).map(({ x }) => x));
  return count === undefined || others.length > 0 ? null : count;
}
