import { quantileSorted } from 'simple-statistics';
import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Spec } from '../../../report/charts/grammar/define.ts';
import { phonePlot, phoneWidth, plotWidth } from '../../../report/charts/grammar/layout.ts';
import { byPlace } from '../../../report/charts/grammar/live.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import type { AxisRange } from '../../../report/charts/grammar/scale.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { colorOf, costAxis, costRange, drawn, fleetLayers } from './chart-axis.ts';
import { panelTitle } from './chart-dots.ts';
import { categoryLabel, fleetWords } from './words.ts';

const words = messages('fleetReport.many', { yours: 'yours' });

/** Bars of a histogram. */
const bins = 40;

/** How the hosts of every runtime and category spread, a row each. */
export function bandRows(fleet: Fleet, lang: Lang, narrow: boolean): Spec {
  const { categories } = fleet;
  const range = costRange(categories, false);
  const values = categories.map((of, place) => {
    const sorted = of.votes.map(({ cost }) => cost).toSorted((a, b) => a - b);
    const at = (part: number) => drawn(quantileSorted(sorted, part));
    return {
      place,
      row: narrow
        ? `${chartName(of.runtime)}\n${categoryLabel(of, lang)}`
        : `${chartName(of.runtime)} · ${categoryLabel(of, lang)}`,
      color: colorOf(fleet, of.runtime),
      ...{ p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) },
    };
  });
  const [first] = categories;
  const x = costAxis(first ?? { baseline: '' }, range, { lang, narrow, titled: true });
  const rows = values.map(({ row }) => row);
  const y = {
    field: 'row',
    type: 'nominal',
    sort: byPlace,
    axis: { title: null, labelLimit: 300, labelExpr: "split(datum.label, '\\n')" },
  };
  const color = { field: 'color', type: 'nominal', scale: null, legend: null };
  const bar = (from: string, to: string, height: number, opacity: number): Spec => ({
    mark: { type: 'bar', height, opacity },
    encoding: { y, color, x: { ...x, field: from }, x2: { field: to } },
  });
  return {
    data: { values },
    width: narrow ? phonePlot(rows) : plotWidth,
    height: { step: narrow ? 32 : 20 },
    layer: [
      bar('p5', 'p95', 10, 0.35),
      bar('p25', 'p75', 10, 0.8),
      {
        mark: { type: 'tick', color: ink, thickness: 2, size: 14 },
        encoding: { y, x: { ...x, field: 'p50' } },
      },
      {
        data: { values: [{ one: 1 }] },
        mark: { type: 'rule', color: ink, strokeWidth: 1 },
        encoding: { x: { ...x, field: 'one' } },
      },
    ],
  };
}

/** A panel for each runtime: how many hosts cost how much, and all of them together. */
export function histogramPanels(
  all: readonly FleetCategory[],
  fleet: Fleet,
  lang: Lang,
  narrow: boolean,
): Spec {
  const range = costRange(all, false);
  return {
    vconcat: all.map((of, at) =>
      histogram(of, fleet, range, { lang, narrow, titled: at === all.length - 1 }),
    ),
    spacing: 14,
  };
}

function histogram(
  of: FleetCategory,
  fleet: Fleet,
  range: AxisRange,
  room: { readonly lang: Lang; readonly narrow: boolean; readonly titled: boolean },
): Spec {
  const { lang, narrow } = room;
  const color = colorOf(fleet, of.runtime);
  const [least, most] = range.domain;
  const step = Math.log(most / least) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const { cost } of of.votes) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(Math.log(drawn(cost) / least) / step)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const values = counts.flatMap((hosts, bin) =>
    hosts === 0
      ? []
      : [{ from: least * Math.exp(bin * step), to: least * Math.exp((bin + 1) * step), hosts, zero: 0 }],
  );
  const x = costAxis(of, range, room);
  const own = of.votes.find(({ host }) => host === fleet.own);
  return {
    title: { text: panelTitle(of, lang), fontSize: 12, anchor: 'start', offset: 6 },
    width: narrow ? phoneWidth - 60 : plotWidth,
    height: 70,
    data: { values },
    layer: [
      ...fleetLayers(of, color, range, x),
      {
        mark: { type: 'rect', color, stroke: 'white', strokeWidth: 0.5 },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          y: {
            field: 'hosts',
            type: 'quantitative',
            axis: { title: translate(fleetWords.hosts, lang), tickCount: 3, format: 'd', tickMinStep: 1 },
          },
          y2: { field: 'zero' },
        },
      },
      ...(own === undefined
        ? []
        : [
            {
              data: { values: [{ at: drawn(own.cost) }] },
              mark: { type: 'rule', color: ink, strokeWidth: 3 },
              encoding: { x: { ...x, field: 'at' } },
            },
            {
              data: { values: [{ at: drawn(own.cost) }] },
              mark: {
                type: 'text',
                color: ink,
                align: 'left',
                dx: 5,
                y: 8,
                text: translate(words.yours, lang),
              },
              encoding: { x: { ...x, field: 'at' } },
            },
          ]),
    ],
  };
}
