import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Room, Spec } from '../../../report/charts/grammar/define.ts';
import { hasInterval, namedRows, span, still } from '../../../report/charts/grammar/dots.ts';
import {
  bandBehind,
  clipRatio,
  costTitle,
  lineAt,
  timesAxis,
} from '../../../report/charts/grammar/heat-map.ts';
import { phonePlot, plotWidth, round } from '../../../report/charts/grammar/layout.ts';
import { chartName, familyColors } from '../../../report/charts/grammar/palette.ts';
import { type AxisRange, logRange } from '../../../report/charts/grammar/scale.ts';
import { ink, soft } from '../../../report/charts/grammar/theme.ts';
import { plainText } from '../../../report/sanitize.ts';
import { cutMiddle } from '../../../report/wrap.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { particularsOf } from './words.ts';

/** A cost for drawing: limited to 0.001 … 1000, with four digits. */
export function drawn(cost: number): number {
  return round(clipRatio(cost));
}

/** Axis range over all panels of a picture, so that they can be compared. */
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

/** One panel per runtime, stacked on one axis, whose title is below the last panel. */
function panels(
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

/** The line of equal cost, and the fleet's intervals as bands behind the marks, clipped to the axis. */
function fleetLayers(
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

const words = messages('fleetReport.dots', { own: '{host} ◀ yours' });

/** The label of a host beside a plot. */
export function hostLabel(fleet: Fleet, host: number, lang: Lang, narrow: boolean): string {
  const name = cutMiddle(plainText(fleet.hosts[host]?.name ?? ''), narrow ? 14 : 24);
  return host === fleet.own ? translate(words.own({ host: name }), lang) : name;
}

/** Title of a panel: the runtime, with layer, engine and variant if needed. */
function panelTitle(of: FleetCategory, lang: Lang): Spec {
  const particulars = particularsOf(of, lang);
  const text = [chartName(of.runtime), ...(particulars === '' ? [] : [particulars])].join(', ');
  return { text, fontSize: 12, anchor: 'start', offset: 6 };
}

/** One panel per runtime: a dot with its interval for each host, and the fleet's estimate. */
export function dotPanels(all: readonly FleetCategory[], fleet: Fleet, room: Room): Spec {
  const range = costRange(all, true);
  return panels(all, range, { ...room, spacing: 18 }, (of, x) => panel(of, fleet, { ...room, range, x }));
}

function panel(
  of: FleetCategory,
  fleet: Fleet,
  { lang, narrow, range, x }: Room & { readonly range: AxisRange; readonly x: Spec },
): Spec {
  const color = colorOf(fleet, of.runtime);
  const apart = new Set(
    fleet.outliers.filter(({ category }) => fleet.categories[category] === of).map(({ host }) => host),
  );
  const values = of.votes.map(({ host, cost, low, high }, place) => ({
    place,
    host: hostLabel(fleet, host, lang, narrow),
    cost: drawn(cost),
    ...(low === null || high === null ? {} : { low: drawn(low), high: drawn(high) }),
    apart: apart.has(host) ? 'yes' : 'no',
    own: host === fleet.own ? 'yes' : 'no',
  }));
  const labels = values.map(({ host }) => host);
  const y = namedRows('host', { labelLimit: 260 });
  const where = (test: string, value: unknown, otherwise: unknown) => ({
    condition: { test, value },
    value: otherwise,
  });
  const [isApart, isOwn] = ["datum.apart === 'yes'", "datum.own === 'yes'"];
  return {
    title: panelTitle(of, lang),
    width: narrow ? phonePlot(labels) : plotWidth,
    height: { step: 17 },
    data: { values },
    layer: [
      ...fleetLayers(of, color, range, x),
      still({ type: 'rule', color, strokeWidth: 1.5 }, { y, ...span(x) }, hasInterval),
      still(
        { type: 'point', filled: true, size: 55, color, opacity: 1 },
        {
          y,
          x: { ...x, field: 'cost' },
          // Shape in addition to colour: an outlying host is a triangle, the reader's own has a border.
          shape: where(isApart, 'triangle-up', 'circle'),
          size: where(`${isApart} || ${isOwn}`, 130, 55),
          stroke: where(isOwn, ink, color),
          strokeWidth: where(isOwn, 2.5, 0),
        },
      ),
    ],
  };
}
