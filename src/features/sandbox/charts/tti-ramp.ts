import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import { valueFinding } from '../../../report/charts/data/value-finding.ts';
import { valueAxis } from '../../../report/charts/grammar/axis.ts';
import type { ChartContext, Spec } from '../../../report/charts/grammar/chart.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { layer, tooltip } from '../../../report/charts/grammar/dots.ts';
import { phoneWidth, plotWidth, round } from '../../../report/charts/grammar/layout.ts';
import { picking, shownData } from '../../../report/charts/grammar/live.ts';
import { chartName, runtimeColor, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { zeroRange } from '../../../report/charts/grammar/scale.ts';
import type { ReportContext } from '../../../report/context.ts';
import { displayUnit, formatValue } from '../../../report/document/format.ts';
import { hasValue } from '../../../report/findings/row-guards.ts';
import { isOf } from '../place.ts';
import { type RampPicture, rampsIn, ttiWorkload } from '../tti/ramps.ts';

const words = messages('chart.tti-ramp', {
  title: 'How fast sandboxes answer their first command',
  burst: '{count} sandboxes at once: how many have answered',
  staggered: '{count} sandboxes, one every 200 ms: how many have answered',
  caption: 'Medians over the trials; band: from the fastest to the slowest trial',
  perCore: 'with more starts than CPUs, starts queue; time × CPUs ÷ sandboxes: {runtimes}',
  failed: '{runtime}: {failed} of {all} {all, plural, one {trial} other {trials}} failed',
  each: '{runtime} {value}',
  ready: 'sandboxes that have answered',
  time: 'time since the first create call in {unit}',
  tip: '{runtime}: {ready} of {count} after {time}',
  absent: 'no burst of the workload sandbox/tti has values',
});

/** Of every runtime a line: how many sandboxes have answered, by the time since the first create call. */
export default defineChart<RampPicture>({
  id: 'tti-ramp',
  section: 'sandbox',
  order: 95,
  title: (_context, picture) => {
    if (picture === null) return words.title;
    const { mode, count } = picture;
    return mode === 'staggered' ? words.staggered({ count }) : words.burst({ count });
  },
  absent: words.absent,
  data: rampsIn,
  finding: (picture, context) => valueFinding(rowsOf(picture, 'tti.p50', context), context),
  draw(picture, context) {
    const { ramps, count, failing } = picture;
    const { lang } = context;
    const each = (runtime: string, value: string) => words.each({ runtime: chartName(runtime), value });
    const perCore = rowsOf(picture, 'tti.core_time', context).map((row) =>
      each(row.runtime, formatValue(row.median, row.unit, lang)),
    );
    return {
      caption: [
        words.caption,
        perCore.length > 0 && words.perCore({ runtimes: listed(perCore, 'comma') }),
        ...failing.map(({ runtime, failed, all }) =>
          words.failed({ runtime: chartName(runtime), failed, all }),
        ),
      ],
      runtimes: runtimesOf(ramps, context),
      counts: ramps.map(({ n }) => n),
      view: rampView(picture, count, context),
    };
  },
});

function rowsOf({ params, of }: RampPicture, metric: string, context: ReportContext) {
  return context.rows
    .filter(hasValue)
    .filter(
      (row) =>
        row.workload === ttiWorkload && row.params === params && row.metric === metric && isOf(of, row),
    );
}

function rampView({ ramps }: RampPicture, count: number, context: ChartContext): Spec {
  const { lang, narrow } = context;
  const greatest = Math.max(...ramps.flatMap(({ points }) => points.map(({ greatestNs }) => greatestNs)));
  const unit = displayUnit('ns', greatest, lang);
  const names = runtimesOf(ramps, context);
  const values = ramps.flatMap(({ runtime, points }) =>
    points.map(({ ready, medianNs, leastNs, greatestNs }) => ({
      runtime: chartName(runtime),
      ready,
      value: round(medianNs / unit.factor),
      low: round(leastNs / unit.factor),
      high: round(greatestNs / unit.factor),
      tip: translate(
        words.tip({ runtime: chartName(runtime), ready, count, time: formatValue(medianNs, 'ns', lang) }),
        lang,
      ),
    })),
  );
  const x = valueAxis(context, zeroRange(greatest / unit.factor, 0.04), words.time({ unit: unit.name }));
  const y = valueAxis(context, zeroRange(count, 0.04), words.ready, { field: 'ready', grid: true });
  const at = { x, y, color: runtimeColor(context, names) };
  // Only for the line, which joins its points by their x otherwise; an area with an order falls apart into its points.
  const inOrder = { ...at, order: { field: 'ready' } };
  const band = { ...at, x: { ...x, field: 'low' }, x2: { field: 'high' } };
  return {
    ...shownData(values),
    width: narrow ? phoneWidth - 60 : plotWidth,
    height: narrow ? 220 : 300,
    layer: [
      picking(layer({ type: 'line', strokeWidth: 2 }, inOrder), 'runtime', 'legend'),
      layer({ type: 'area', orient: 'horizontal', opacity: 0.15 }, band),
      layer({ type: 'circle', size: 30 }, { ...at, tooltip }),
    ],
  };
}
