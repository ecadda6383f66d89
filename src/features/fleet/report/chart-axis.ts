import type { Room, Spec } from '../../../report/charts/grammar/define.ts';
import { round } from '../../../report/charts/grammar/layout.ts';
import { familyColors } from '../../../report/charts/grammar/palette.ts';
import {
  bandBehind,
  clipRatio,
  costTitle,
  lineAt,
  timesAxis,
} from '../../../report/charts/grammar/ratio-axis.ts';
import { type AxisRange, logRange } from '../../../report/charts/grammar/scale.ts';
import { soft } from '../../../report/charts/grammar/theme.ts';
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

/** Colour of each runtime, as in the reports of its runs. */
export function colorOf({ runtimes }: Fleet, runtime: string): string {
  return familyColors(runtimes).get(runtime) ?? soft;
}

/** A panel for each runtime, below each other on one axis, which the last one names. */
export function panels(
  all: readonly FleetCategory[],
  range: AxisRange,
  { spacing, ...room }: Room & { readonly spacing: number },
  draw: (of: FleetCategory, x: Spec) => Spec,
): Spec {
  return {
    vconcat: all.map((of, at) =>
      draw(
        of,
        timesAxis(room, range, costTitle(of.baseline, true), at === all.length - 1 ? {} : { title: null }),
      ),
    ),
    spacing,
  };
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
    from === null || to === null ? [] : [bandBehind(x, within(from), within(to), { color, opacity })];
  return [
    ...band(predictedLow, predictedHigh, 0.12),
    ...band(low, high, 0.3),
    lineAt(x, within(1), { color: soft, strokeDash: [3, 3], strokeWidth: 1 }),
    lineAt(x, within(cost), { color, strokeWidth: 2 }),
  ];
}
