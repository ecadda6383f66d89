import { quantileSorted } from 'simple-statistics';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import type { Room, Spec } from '../../../report/charts/grammar/chart.ts';
import { hasInterval, multilineLabels, namedRows, span, still } from '../../../report/charts/grammar/dots.ts';
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
import { ink, pageLook, soft, standalone } from '../../../report/charts/grammar/theme.ts';
import { formatConfidence } from '../../../report/document/format.ts';
import { categoryOrder } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { cutMiddle, wrapText } from '../../../report/document/wrap.ts';
import { categoryNames } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { categoryLabel, manyHosts, particularsOf } from './words.ts';

const words = messages('fleetReport.chart', {
  bands: 'How hosts spread',
  bandsCaption:
    'Costs of the hosts: light band 5 to 95%, dark band the middle half, line the median. Right of 1× is more expensive.',
  category: '{category}: all hosts',
  own: '{host} ◀ yours',
  dots: 'Each dot is a host with its own interval. Line and dark band: all hosts together, with {confidence} interval. Light band: where a run on one more host would lie.',
});

/** A cost for drawing: limited to 0.001 … 1000, with four digits. */
function drawn(cost: number): number {
  return round(clipRatio(cost));
}

/** Axis range over all panels of a picture, so that they can be compared. */
function costRange(all: readonly FleetCategory[], withIntervals: boolean): AxisRange {
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

/** The label of a host beside a plot. */
function hostLabel(fleet: Fleet, host: number, lang: Lang, narrow: boolean): string {
  const name = cutMiddle(plainText(fleet.hosts[host]?.name ?? ''), narrow ? 14 : 24);
  return host === fleet.own ? translate(words.own({ host: name }), lang) : name;
}

/** Title of a panel: the runtime, with layer, engine and variant if needed. */
function panelTitle(of: FleetCategory, lang: Lang): Spec {
  const particulars = particularsOf(of, lang);
  const text = [chartName(of.runtime), ...(particulars === '' ? [] : [particulars])].join(', ');
  return { text, fontSize: 12, anchor: 'start', offset: 6 };
}

/** One panel per runtime, stacked on one axis: a dot with its interval for each host, and the fleet's estimate. */
function dotPanels(all: readonly FleetCategory[], fleet: Fleet, room: Room): Spec {
  const range = costRange(all, true);
  const vconcat = all.map((of, at) => {
    const untitled = at === all.length - 1 ? {} : { title: null };
    const x = timesAxis(room, range, costTitle(of.baseline, true), untitled);
    return panel(of, fleet, { ...room, range, x });
  });
  return { vconcat, spacing: 18 };
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

/** Spread of the hosts: one row per runtime and category. */
function bandRows(fleet: Fleet, room: Room): Spec {
  const { lang, narrow } = room;
  const { categories } = fleet;
  const values = categories.map((of, place) => {
    const sorted = of.votes.map(({ cost }) => cost).toSorted((a, b) => a - b);
    const at = (part: number) => drawn(quantileSorted(sorted, part));
    return {
      place,
      row: [chartName(of.runtime), categoryLabel(of, lang)].join(narrow ? '\n' : ' · '),
      color: colorOf(fleet, of.runtime),
      p5: at(0.05),
      p25: at(0.25),
      p50: at(0.5),
      p75: at(0.75),
      p95: at(0.95),
    };
  });
  const x = timesAxis(room, costRange(categories, false), costTitle(categories[0]?.baseline ?? '', true));
  const rows = values.map(({ row }) => row);
  const y = namedRows('row', { labelLimit: 300, labelExpr: multilineLabels.labelExpr });
  const color = { field: 'color', type: 'nominal', scale: null, legend: null };
  const bar = (from: string, to: string, opacity: number) =>
    still({ type: 'bar', height: 10, opacity }, { y, color, x: { ...x, field: from }, x2: { field: to } });
  return {
    data: { values },
    width: narrow ? phonePlot(rows) : plotWidth,
    height: { step: narrow ? 32 : 20 },
    layer: [
      bar('p5', 'p95', 0.35),
      bar('p25', 'p75', 0.8),
      still({ type: 'tick', color: ink, thickness: 2, size: 14 }, { y, x: { ...x, field: 'p50' } }),
      lineAt(x, 1, { color: ink, strokeWidth: 1 }),
    ],
  };
}

/** A picture of a fleet: for a page without scripts, for a phone, and for a separate file. */
export interface FleetChart {
  readonly id: string;
  /** Its category; null: all. */
  readonly category: Category | null;
  readonly title: string;
  readonly caption: string;
  readonly wide: Spec;
  readonly narrow: Spec;
  /** Specification with title and caption. */
  readonly titled: Spec;
}

/** Draws a chart for every medium. */
function drawPicture(
  of: Pick<FleetChart, 'id' | 'category'>,
  words: { readonly title: Message; readonly caption: Message },
  draw: (room: Room) => Spec,
  lang: Lang,
): FleetChart {
  const [title, caption] = [translate(words.title, lang), translate(words.caption, lang)];
  const wide = draw({ lang, narrow: false });
  const heading = { text: wrapText(title, 75), subtitle: wrapText(caption, 108) };
  return {
    ...of,
    title,
    caption,
    wide: standalone(wide, lang, pageLook),
    narrow: standalone(draw({ lang, narrow: true }), lang, pageLook),
    titled: standalone({ title: heading, ...wide }, lang),
  };
}

/** All pictures: single hosts of a small fleet, their spread in a large one. */
export function fleetCharts(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.hosts.length > manyHosts) return bands(fleet, lang);
  const confidence = formatConfidence(fleet.thresholds.confidence, lang);
  return categoryOrder.flatMap((category): FleetChart[] => {
    const own = fleet.categories.filter((each) => each.category === category);
    if (own.length === 0) return [];
    const draw = (room: Room) => dotPanels(own, fleet, room);
    const title = words.category({ category: categoryNames[category] });
    const caption = words.dots({ confidence });
    return [drawPicture({ id: `fleet-${category}`, category }, { title, caption }, draw, lang)];
  });
}

function bands(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.categories.length === 0) return [];
  const about = { title: words.bands, caption: words.bandsCaption };
  const draw = (room: Room) => bandRows(fleet, room);
  return [drawPicture({ id: 'fleet-bands', category: null }, about, draw, lang)];
}
