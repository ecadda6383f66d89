import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { Spec } from '../../../report/charts/grammar/define.ts';
import { axisLines, round } from '../../../report/charts/grammar/layout.ts';
import { clipRatio } from '../../../report/charts/grammar/ratio-axis.ts';
import { type AxisRange, fewTicks, logRange, scaleOf } from '../../../report/charts/grammar/scale.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import { plainText } from '../../../report/sanitize.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';

/** A cost as it is drawn: between a thousandth and a thousand, with four digits. */
export function drawn(cost: number): number {
  return round(clipRatio(cost));
}

/** The range of all that a panel shows, so that panels of one picture can be compared. */
export function costRange(all: readonly FleetCategory[], withIntervals: boolean): AxisRange {
  const costs = all.flatMap(({ cost, low, high, votes }) => [
    cost,
    ...(withIntervals ? [low, high] : []),
    ...votes.flatMap((vote) => (withIntervals ? [vote.cost, vote.low, vote.high] : [vote.cost])),
  ]);
  return logRange([1, ...costs.flatMap((cost) => (cost === null ? [] : [drawn(cost)]))]);
}

/** A log axis of costs with ticks such as `2×`. */
export function costAxis(
  { baseline }: Pick<FleetCategory, 'baseline'>,
  range: AxisRange,
  { lang, narrow, titled }: { readonly lang: Lang; readonly narrow: boolean; readonly titled: boolean },
): Spec {
  const title = chartWords.costAxis({ baseline: plainText(baseline), inverted: 'yes' });
  return {
    type: 'quantitative',
    scale: scaleOf(range),
    axis: {
      title: titled ? axisLines(translate(title, lang), narrow) : null,
      values: narrow ? fewTicks(range) : range.ticks,
      labelExpr: "format(datum.value, '~g') + '×'",
    },
  };
}

/** Colour of each runtime, as in the reports of its runs. */
export function colorOf(fleet: Fleet, runtime: string): string {
  const at = fleet.runtimes.findIndex(({ name }) => name === runtime);
  const family = fleet.runtimes[at]?.family;
  const before = fleet.runtimes.slice(0, Math.max(0, at)).filter((each) => each.family === family).length;
  const { colors } = familyOf(family);
  return colors[before % colors.length] ?? colors[0];
}

/** The line of equal cost, and what all hosts say together: bands behind the marks, clipped to the axis. */
export function fleetLayers(
  { cost, low, high, predictedLow, predictedHigh }: FleetCategory,
  color: string,
  range: AxisRange,
  x: Spec,
): readonly Spec[] {
  const [least, most] = range.domain;
  const within = (value: number) => Math.min(most, Math.max(least, drawn(value)));
  const band = (from: number | null, to: number | null, opacity: number): readonly Spec[] =>
    from === null || to === null
      ? []
      : [
          {
            data: { values: [{ low: within(from), high: within(to) }] },
            mark: { type: 'rect', color, opacity },
            encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
          },
        ];
  const line = (at: number, mark: Spec): Spec => ({
    data: { values: [{ at: within(at) }] },
    mark: { type: 'rule', ...mark },
    encoding: { x: { ...x, field: 'at' } },
  });
  return [
    ...band(predictedLow, predictedHigh, 0.12),
    ...band(low, high, 0.3),
    line(1, { color: '#59636e', strokeDash: [3, 3], strokeWidth: 1 }),
    line(cost, { color, strokeWidth: 2 }),
  ];
}
